import { MailToken, VerifiedEmail } from '@fechatter/contract';
import { limitedOpen } from '../access/limited-procedures.ts';
import { makeChange } from '../change/change.ts';
import { queueMail } from '../mail/queue-mail.ts';
import { joinAsInvited } from '../membership/join-as-invited.ts';
import { proveAddress } from './prove-address.ts';
import { endMailTokens, spendMailToken } from './spend-mail-token.ts';

export const verifyEmail = limitedOpen('mailToken')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/verify-email',
      successStatus: 200,
      summary: 'Verify an address with the token from a mail',
      description:
        'Needs no session: the token proves that you can read mail at the address. Also completes a change of ' +
        'address. Other accounts that use the address without having verified it lose it, and their sessions and ' +
        'passwords with it. If another account has verified it, you get `email_taken`. If you signed up with an ' +
        'invitation that still works, you join its workspace. Limited to 60 a minute per IP address.',
      tags: ['auth'],
      refusals: ['token_spent', 'email_taken', 'rate_limited'],
      isProtected: false,
    },
  })
  .input(MailToken)
  .output(VerifiedEmail)
  .mutation(async ({ ctx, input }) => {
    const { config, limits, revoked } = ctx.deps;
    await limits.take(ctx, 'mailToken');
    const proved = await makeChange(ctx, async (change) => {
      const { userId, address } = await spendMailToken(change.tx, 'verify', input.token);
      const proved = await proveAddress(change, userId, address);
      await endMailTokens(change.tx, userId, 'verify');
      // Links that were sent to the previous address may belong to another person now.
      await endMailTokens(change.tx, userId, 'reset');
      if (proved.before !== undefined)
        await queueMail(change.tx, config, { kind: 'emailChanged', userId, address: proved.before });
      return { ...proved, userId };
    });
    revoked.add([...proved.ended]);
    await joinAsInvited(ctx, proved.userId, proved.signupInvite);
    return { emailVerifiedAt: proved.emailVerifiedAt };
  });
