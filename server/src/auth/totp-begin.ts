import { TotpSecret } from '@fechatter/contract';
import { inTransaction, sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { reauthenticated } from '../access/limited-procedures.ts';
import { mustBeFresh } from '../access/must-be-fresh.ts';
import { newTotpSecret, totpUrl } from '../identity/totp.ts';
import { lockOwner } from './factors-of.ts';

export const totpBegin = reauthenticated
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/totp/begin',
      successStatus: 201,
      summary: 'Set up an authenticator app',
      description:
        'Returns a new secret for the app. It counts from `auth.totpConfirm` with a first code on, within ten minutes. ' +
        'Needs a sign-in or `auth.reauthenticate` within the last ten minutes, and where a mail host sends mail a ' +
        'verified address.',
      tags: ['auth'],
      refusals: ['reauthentication_needed', 'email_unverified', 'totp_on', 'rate_limited'],
    },
  })
  .output(TotpSecret)
  .mutation(async ({ ctx }) => {
    const { config, db, limits, totpCipher } = ctx.deps;
    const { userId, credential } = ctx.principal;
    await limits.take(ctx, 'passwordChange', credential.sessionId);
    const secret = newTotpSecret();
    const label = await inTransaction(db, async (tx) => {
      await mustBeFresh(tx, credential.sessionId);
      await lockOwner(tx, ctx.deps, userId);
      const { rows } = await tx.execute<{ label: string }>(sql`
        with begun as (
          insert into totp_factors (user_id, sealed) values (${userId}, ${totpCipher.seal(userId, secret)})
          on conflict (user_id) do update set sealed = excluded.sealed, created_at = clock_timestamp()
          where totp_factors.confirmed_at is null
          returning user_id)
        select coalesce(u.email, u.full_name) as label from begun join users u on u.id = begun.user_id`);
      if (rows[0] === undefined) throw refuse('totp_on');
      return rows[0].label;
    });
    return { secret, url: totpUrl(secret, config.mail.name, label) };
  });
