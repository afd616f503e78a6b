import type { JobDeps } from './job.ts';

/** As long as an operator may ask why somebody got no mail. */
const KEPT_DAYS = 30;
/** Long enough for a worker that comes back to say that they were too late. */
const LATE_DAYS = 1;
const BATCH_ROWS = 500;

/**
 * Deletes what is left of mails that were given up a month ago, those that nobody came to give up (mail was switched off
 * meanwhile), and tokens that are not good any more.
 */
export async function forgetMail({ db }: Pick<JobDeps, 'db'>, signal: AbortSignal): Promise<void> {
  for (let count = BATCH_ROWS; count === BATCH_ROWS && !signal.aborted; ) {
    const { rowCount } = await db.pool.query(
      `delete from mail_jobs where id in (
         select id from mail_jobs where failed_at < now() - make_interval(days => $1)
           or failed_at is null and expires_at < now() - make_interval(days => $2) limit $3)`,
      [KEPT_DAYS, LATE_DAYS, BATCH_ROWS],
    );
    count = rowCount ?? 0;
  }
  await db.pool.query('delete from mail_tokens where expires_at < now()');
}
