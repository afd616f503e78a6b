import { EmailChange } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { reauthenticated } from '../access/limited-procedures.ts';
import { mustLive } from '../access/must-live.ts';
import { makeChange } from '../change/change.ts';
import { mayMail } from '../mail/may-mail.ts';
import { mustSendMail, queueMail } from '../mail/queue-mail.ts';
import { accountKey } from './account.ts';
import { checkDomain } from './check-signup.ts';
import { provePassword } from './own-password.ts';
import { endMailTokens } from './spend-mail-token.ts';

const HOUR_MS = 3_600_000;

export const changeEmail = reauthenticated
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/email',
      successStatus: 204,
      summary: 'Change your address',
      description:
        'Needs the current password. The new address takes effect when you open the link that is sent to it, within ' +
        '30 minutes. A verified old address gets a mail now, and another one when the change takes effect. The ' +
        'response is the same if the new address already has an account. Limited to 10 a minute, and to 10 an hour ' +
        'with the right password.',
      tags: ['auth'],
      refusals: ['wrong_password', 'domain_not_allowed', 'mail_off', 'rate_limited'],
    },
  })
  .input(EmailChange)
  .output(z.void())
  .mutation(async ({ ctx, input: { newEmail, currentPassword } }) => {
    const { config, limits } = ctx.deps;
    const { userId, credential } = ctx.principal;
    mustSendMail(config);
    checkDomain(config, newEmail);
    const proved = await provePassword(ctx, currentPassword);
    await limits.take(ctx, 'emailChange', userId);
    if (!(await mayMail(ctx, accountKey(newEmail)))) throw refuse('rate_limited', { retryAfterMs: HOUR_MS });
    await makeChange(ctx, async ({ tx }) => {
      await mustLive(tx, credential.sessionId);
      const { rows } = await tx.execute<{ email: string | null; is_proved: boolean }>(sql`
        select email, email_verified_at is not null as is_proved from users
        where id = ${userId} and password_hash = ${proved} and status = 'Active' for no key update`);
      if (rows[0] === undefined) throw refuse('wrong_password');
      // Only the last request counts.
      await endMailTokens(tx, userId, 'verify');
      const { email, is_proved: isProved } = rows[0];
      const before = isProved ? email : null;
      if (before !== null && accountKey(before) === accountKey(newEmail)) return;
      await queueMail(tx, config, { kind: 'verify', userId, address: newEmail });
      if (before !== null) await queueMail(tx, config, { kind: 'emailChangeAsked', userId, address: before });
    });
  });
