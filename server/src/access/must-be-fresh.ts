import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

/** For so long a sign-in, or a credential that was given again, allows calls that an open session alone must not. */
export const FRESH_SECONDS = 600;

/**
 * For calls that somebody with a stolen session, or at an unlocked screen, must not make: the session lives, and its
 * person proved who they are a moment ago. By the database's clock.
 */
export async function mustBeFresh(tx: Pick<Tx, 'execute'>, sessionId: string): Promise<void> {
  const { rows } = await tx.execute<{ is_fresh: boolean }>(sql`
    select s.authenticated_at > clock_timestamp() - make_interval(secs => ${FRESH_SECONDS}) as is_fresh
    from live_sessions l join sessions s on s.id = l.id where l.id = ${sessionId}`);
  if (rows[0] === undefined) throw refuse('session_revoked');
  if (!rows[0].is_fresh) throw refuse('reauthentication_needed');
}
