import type { JobDeps } from './job.ts';

/** Far longer than an access token is valid, so that no process remembers a session whose row is gone. */
const GRACE_DAYS = 7;
const BATCH_ROWS = 500;

/**
 * Deletes sessions that ended a week ago, with their tickets and push subscriptions. Clients see no difference: a token of an
 * ended session is refused in the same way whether or not its row exists.
 */
export async function forgetSessions({ db }: Pick<JobDeps, 'db'>, signal: AbortSignal): Promise<void> {
  for (let count = BATCH_ROWS; count === BATCH_ROWS && !signal.aborted; ) {
    const { rowCount } = await db.pool.query(
      `with gone as materialized (
         select id from sessions where least(revoked_at, expires_at) < now() - make_interval(days => $1)
         limit $2 for update skip locked),
       pushes as (delete from push_subscriptions where session_id in (select id from gone)),
       tickets as (delete from stream_tickets where session_id in (select id from gone))
       delete from sessions where id in (select id from gone)`,
      [GRACE_DAYS, BATCH_ROWS],
    );
    count = rowCount ?? 0;
  }
}
