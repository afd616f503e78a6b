import { refusedPushKeys } from '@fechatter/drizzle';
import type { JobDeps } from './job.ts';

const FAILING_DAYS = 30;
/** Push services keep a push for a day; a notification may stay on a device for longer. */
const SHOWN_DAYS = 7;
/** What nobody has claimed for so long is of a kind that no worker sends any more. */
const UNCLAIMED_DAYS = 1;
/** A worker that sends a kind renews it every few minutes. */
const UNRENEWED_MINUTES = 60;
const BATCH_ROWS = 500;

/**
 * Deletes the push subscriptions of sessions that have ended, which receive nothing any more, and those that could not be
 * reached for a month. While many push services refuse a key, those that do stay: the operator can mend that. Also deletes what
 * belongs to no subscription any more, and the kinds of pushes that no worker sends.
 */
export async function forgetPushes({ db }: Pick<JobDeps, 'db'>, signal: AbortSignal): Promise<void> {
  const refused = (await refusedPushKeys(db.pool)).map(({ kind }) => kind);
  await inBatches(
    `delete from push_subscriptions where id in (
       select p.id from push_subscriptions p
       where not exists (select from live_sessions s where s.id = p.session_id)
         or p.failing_since < now() - make_interval(days => $2) and not (p.kind = any ($3) and p.failure in ('401', '403'))
       limit $1)`,
    [FAILING_DAYS, refused],
  );
  await inBatches(
    `delete from push_pending where id in (
       select id from push_pending where due_at < now() - make_interval(days => $2) limit $1)`,
    [UNCLAIMED_DAYS],
  );
  await inBatches(
    `delete from push_shown where (subscription_id, chat_id) in (
       select subscription_id, chat_id from push_shown where shown_at < now() - make_interval(days => $2) limit $1)`,
    [SHOWN_DAYS],
  );
  await db.pool.query('delete from push_kinds where published_at < now() - make_interval(mins => $1)', [
    UNRENEWED_MINUTES,
  ]);

  async function inBatches(text: string, values: readonly unknown[]): Promise<void> {
    for (let count = BATCH_ROWS; count === BATCH_ROWS && !signal.aborted; ) {
      const { rowCount } = await db.pool.query(text, [BATCH_ROWS, ...values]);
      count = rowCount ?? 0;
    }
  }
}
