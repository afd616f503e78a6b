import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { type Change, makeChange } from '../change/change.ts';
import type { AuthedContext } from '../context.ts';

/**
 * A change of a person's private data. Locks their row, so that changes are serialised and an account that is being
 * erased gets nothing new.
 */
export const changeOwn = <T>(ctx: AuthedContext, work: (tx: Tx, change: Change) => Promise<T>): Promise<T> =>
  makeChange(ctx, async (change) => {
    const { rows } = await change.tx.execute(
      sql`select 1 from users where id = ${ctx.principal.userId} and status = 'Active' for no key update`,
    );
    if (rows.length === 0) throw refuse('session_revoked');
    return work(change.tx, change);
  });
