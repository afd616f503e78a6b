import { SecondFactors } from '@fechatter/contract';
import { authed } from '../procedures.ts';

export const secondFactors = authed('read')
  .meta({
    openapi: {
      method: 'GET',
      path: '/auth/second-factors',
      summary: 'Get your second factors',
      description: 'Since when you have an authenticator app, and how many recovery codes are left.',
      tags: ['auth'],
    },
  })
  .output(SecondFactors)
  .query(async ({ ctx }) => {
    const { rows } = await ctx.deps.db.pool.query<SecondFactors>(
      `select (select confirmed_at from totp_factors where user_id = $1) as "totpAddedAt",
         (select count(*)::int from recovery_codes where user_id = $1) as "recoveryCodesLeft"`,
      [ctx.principal.userId],
    );
    const [found] = rows;
    if (found === undefined) throw new Error('a select without from returns one row');
    return found;
  });
