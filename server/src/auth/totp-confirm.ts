import { RecoveryCodes, TotpCode } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { reauthenticated } from '../access/limited-procedures.ts';
import { mustBeFresh } from '../access/must-be-fresh.ts';
import { makeChange } from '../change/change.ts';
import { bareCode } from '../identity/recovery-code.ts';
import { queueNotice } from '../mail/queue-mail.ts';
import { sessionSource } from './code-source.ts';
import { lockOwner, renewCodes, requireSecondFactor } from './factors-of.ts';
import { verifyTotp } from './verify-code.ts';

export const totpConfirm = reauthenticated
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/totp/confirm',
      successStatus: 200,
      summary: 'Confirm the authenticator app with a first code',
      description:
        'From now on a sign-in with the password also needs a code. Returns ten recovery codes, each good once instead ' +
        'of a code of the app; they are shown only now, and earlier ones stop working. A wrong code is `token_spent`. ' +
        'Needs what `auth.totpBegin` needs.',
      tags: ['auth'],
      refusals: ['token_spent', 'reauthentication_needed', 'email_unverified', 'rate_limited'],
    },
  })
  .input(TotpCode)
  .output(RecoveryCodes)
  .mutation(async ({ ctx, input }) => {
    const { config, limits } = ctx.deps;
    const { userId, credential } = ctx.principal;
    await limits.take(ctx, 'passwordChange', credential.sessionId);
    const step = await verifyTotp(ctx, userId, sessionSource(ctx), bareCode(input.code), 'begun');
    return makeChange(ctx, async (change) => {
      const { tx } = change;
      await mustBeFresh(tx, credential.sessionId);
      await lockOwner(tx, ctx.deps, userId);
      const { rows } = await tx.execute(sql`
        update totp_factors set confirmed_at = clock_timestamp(), last_step = ${step}
        where user_id = ${userId} and confirmed_at is null returning user_id`);
      if (rows.length === 0) throw refuse('token_spent');
      await requireSecondFactor(tx, userId);
      change.note('account.totpAdded', { userId });
      await queueNotice(tx, config, { kind: 'factorAdded', userId });
      return { recoveryCodes: await renewCodes(change, userId) };
    });
  });
