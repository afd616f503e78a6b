import { Reauthenticated, Reauthentication } from '@fechatter/contract';
import { inTransaction, sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { reauthenticated } from '../access/limited-procedures.ts';
import { FRESH_SECONDS } from '../access/must-be-fresh.ts';
import { mustLive } from '../access/must-live.ts';
import { proveAgain } from './prove-again.ts';

export const reauthenticate = reauthenticated
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/reauthenticate',
      successStatus: 200,
      summary: 'Prove again who you are',
      description:
        'Calls that are dangerous in the wrong hands need a recent proof: a sign-in or this call, in the same session, ' +
        'within the last ten minutes; else they are refused with `reauthentication_needed`. Takes the current ' +
        'password, a code of the authenticator app, a recovery code, or what a passkey signed. Limited to 10 a minute, and to 100 wrong ' +
        'passwords and 20 wrong codes an hour, per session: guesses elsewhere do not count here, nor these elsewhere.',
      tags: ['auth'],
      refusals: ['wrong_password', 'token_spent', 'passkeys_off', 'rate_limited'],
    },
  })
  .input(Reauthentication)
  .output(Reauthenticated)
  .mutation(async ({ ctx, input }) => {
    const { sessionId } = ctx.principal.credential;
    const proof = await proveAgain(ctx, input);
    return inTransaction(ctx.deps.db, async (tx) => {
      await mustLive(tx, sessionId);
      await proof.spend(tx);
      const { rows } = await tx.execute<{ until: Date }>(sql`
        update sessions set authenticated_at = clock_timestamp() where id = ${sessionId} and revoked_at is null
        returning authenticated_at + make_interval(secs => ${FRESH_SECONDS}) as until`);
      if (rows[0] === undefined) throw refuse('session_revoked');
      return { freshUntil: rows[0].until };
    });
  });
