import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

/** For this long after signing in or giving a credential again, a session may make calls that need a recent proof. */
export const FRESH_SECONDS = 600;

/**
 * For calls that must be impossible with a stolen session or at an unlocked screen: the session is valid, and its
 * person authenticated recently. By the database's clock.
 */
export async function mustBeFresh(tx: Pick<Tx, 'execute'>, sessionId: string): Promise<void> {
  const { rows } = await tx.execute<{ is_fresh: boolean }>(sql`
    select authenticated_at > clock_timestamp() - make_interval(secs => ${FRESH_SECONDS}) as is_fresh
    from live_sessions where id = ${sessionId}`);
  if (rows[0] === undefined) throw refuse('session_revoked');
  if (!rows[0].is_fresh) throw refuse('reauthentication_needed');
}
