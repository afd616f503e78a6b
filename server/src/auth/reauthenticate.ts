import { Reauthenticated, Reauthentication } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { reauthenticated } from '../access/limited-procedures.ts';
import { FRESH_SECONDS } from '../access/must-be-fresh.ts';
import { mustLive } from '../access/must-live.ts';
import { provePassword } from './own-password.ts';

export const reauthenticate = reauthenticated
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/reauthenticate',
      successStatus: 200,
      summary: 'Prove again who you are',
      description:
        'Calls that are dangerous in the wrong hands need a recent proof: a sign-in or this call, in the same session, ' +
        'within the last ten minutes; else they are refused with `reauthentication_needed`. Limited to 10 a minute, ' +
        'and to 100 wrong passwords an hour, per session: guesses elsewhere do not count here, nor these elsewhere.',
      tags: ['auth'],
      refusals: ['wrong_password', 'rate_limited'],
    },
  })
  .input(Reauthentication)
  .output(Reauthenticated)
  .mutation(async ({ ctx, input }) => {
    const { userId, credential } = ctx.principal;
    const proved = await provePassword(ctx, input.currentPassword);
    const { tables } = ctx.deps.db;
    const { rows } = await tables.execute<{ until: Date }>(sql`
      update sessions s set authenticated_at = clock_timestamp()
      from live_sessions l join users u on u.id = l.user_id
      where s.id = ${credential.sessionId} and l.id = s.id and u.id = ${userId} and u.password_hash = ${proved}
      returning s.authenticated_at + make_interval(secs => ${FRESH_SECONDS}) as until`);
    if (rows[0] !== undefined) return { freshUntil: rows[0].until };
    await mustLive(tables, credential.sessionId);
    throw refuse('wrong_password');
  });
