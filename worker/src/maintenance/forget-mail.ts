import { deleteExpired } from './delete-expired.ts';
import type { JobDeps } from './job.ts';

/** How long an operator can find out why a person got no mail. */
const KEPT_DAYS = 30;
/** Long enough for a worker that was away to report them as expired. */
const LATE_DAYS = 1;
const BATCH_ROWS = 500;

/**
 * Deletes mails that failed a month ago, expired mails that no worker handled (because mail was switched off), and
 * tokens and challenges that are not valid any more.
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
  for (const table of ['mail_tokens', 'signin_challenges', 'passkey_challenges'] as const)
    await deleteExpired({ db }, signal, table);
}
