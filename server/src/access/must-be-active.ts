import { sql, type Tx } from '@fechatter/drizzle';
import type { Reason } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';

/**
 * For calls that create something: an account that was closed a moment ago, on another server, must not create
 * anything. A transaction that closes it waits until the end of this one. `reason` is for an account that is not the caller's.
 */
export async function mustBeActive(tx: Tx, userId: string, reason: Reason = 'session_revoked'): Promise<void> {
  const { rows } = await tx.execute(sql`select 1 from users where id = ${userId} and status = 'Active' for key share`);
  if (rows.length === 0) throw refuse(reason);
}
