import type { JobDeps } from './job.ts';

/** Far longer than its webhooks keep their rows, and than the log keeps events. */
const KEPT_DAYS = 30;
const BATCH_ROWS = 500;

/**
 * Deletes what only bots have of those that were deleted a month ago. Their users stay: what they wrote has their names.
 */
export async function forgetBots({ db }: Pick<JobDeps, 'db'>, signal: AbortSignal): Promise<void> {
  for (let count = BATCH_ROWS; count === BATCH_ROWS && !signal.aborted; ) {
    const { rowCount } = await db.pool.query(
      `delete from bots where user_id in (
         select b.user_id from bots b where b.deleted_at < now() - make_interval(days => $1)
           and not exists (select from webhooks w where w.bot_id = b.user_id)
         limit $2)`,
      [KEPT_DAYS, BATCH_ROWS],
    );
    count = rowCount ?? 0;
  }
}
