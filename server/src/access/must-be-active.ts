import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

/**
 * For calls that create something: an account that was closed a moment ago, on another server, must not create
 * anything. A transaction that closes it waits until the end of this one.
 */
export async function mustBeActive(tx: Tx, userId: string): Promise<void> {
  const { rows } = await tx.execute(sql`select 1 from users where id = ${userId} and status = 'Active' for key share`);
  if (rows.length === 0) throw refuse('session_revoked');
}
