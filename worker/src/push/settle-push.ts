import type { Database } from '@fechatter/drizzle';
import type { DuePush, WantedPush } from './due-push.ts';

const AGAIN_SECONDS = 5;
const FIRST_RETRY_SECONDS = 15;
const RETRY_MAX_SECONDS = 3_600;
/** What could not be sent for so long is no news. */
const KEPT_HOURS = 24;

/**
 * Ends a push that was sent, or was not wanted. If a message came after the decision, the row stays, for what is newer. Does
 * nothing if another worker took the push over meanwhile.
 */
export async function endPush({ pool }: Database, { id, lease, checkedTo }: DuePush): Promise<void> {
  await pool.query({
    name: 'push-end',
    text: `
      with held as materialized (
        -- Locks the row first: a message that comes at this moment is seen by both parts below, or comes after them.
        select id, coalesce(newer_seq, 0) > $3 as has_newer from push_pending where id = $1 and lease = $2 for update),
      ended as (
        delete from push_pending p using held h where p.id = h.id and not h.has_newer)
      update push_pending p set lease = null, first_seq = $3 + 1, newer_seq = null, attempts = 0,
        created_at = clock_timestamp(), due_at = clock_timestamp() + make_interval(secs => $4)
      from held h where p.id = h.id and h.has_newer`,
    values: [id, lease, checkedTo, AGAIN_SECONDS],
  });
}

/**
 * Puts a push off, as long as the push service said or longer with each attempt. Returns false if it is given up: its newest
 * message is older than a day.
 */
export async function putOffPush(
  { pool }: Database,
  { id, lease, attempts, checkedTo, wanted }: DuePush,
  afterSeconds: number | undefined,
): Promise<boolean> {
  const ownSeconds = Math.min(FIRST_RETRY_SECONDS * 2 ** Math.min(attempts - 1, 20), RETRY_MAX_SECONDS);
  const { rows } = await pool.query<{ is_late: boolean }>({
    name: 'push-put-off',
    text: `
      with held as materialized (
        select p.id, coalesce(p.newer_seq, 0) <= $5
          and coalesce(m.created_at, p.created_at) < clock_timestamp() - make_interval(hours => $4) as is_late
        from push_pending p left join messages m on m.id = $6 where p.id = $1 and p.lease = $2 for update of p),
      late as (
        delete from push_pending p using held h where p.id = h.id and h.is_late returning true as is_late),
      waiting as (
        update push_pending p set lease = null, newer_seq = null, due_at = clock_timestamp() + make_interval(secs => $3)
        from held h where p.id = h.id and not h.is_late)
      select is_late from late`,
    values: [
      id,
      lease,
      afterSeconds ?? ownSeconds,
      KEPT_HOURS,
      checkedTo,
      wanted?.subject.is === 'message' ? wanted.subject.id : null,
    ],
  });
  return rows.length === 0;
}

/** Deletes a subscription that its push service does not know any more, and what waits for it. */
export async function forgetSubscription({ pool }: Database, { subscriptionId }: DuePush): Promise<void> {
  await pool.query(
    `with gone as (delete from push_subscriptions where id = $1),
     shown as (delete from push_shown where subscription_id = $1)
     delete from push_pending where subscription_id = $1`,
    [subscriptionId],
  );
}

/** Records how the last push to a subscription ended; null: it was delivered. */
export async function noteFailure(
  { pool }: Database,
  { subscriptionId }: DuePush,
  failure: string | null,
): Promise<void> {
  await pool.query(
    `update push_subscriptions set failure = $2,
       failing_since = case when $2::text is null then null else coalesce(failing_since, clock_timestamp()) end
     where id = $1 and failure is distinct from $2`,
    [subscriptionId, failure],
  );
}

const isShownByApp = ({ kind }: WantedPush): boolean => kind !== 'WebPush';

/**
 * Notes of which messages devices may show a notification from now on, before the pushes are sent. Only those of apps can remove
 * one later: a push that shows nothing would end the subscription of a browser.
 */
export async function noteShown({ pool }: Database, pushes: readonly DuePush[]): Promise<void> {
  const shown = pushes.flatMap(({ subscriptionId, wanted }) =>
    wanted?.subject.is === 'message' && isShownByApp(wanted) ? [{ subscriptionId, ...wanted.subject }] : [],
  );
  if (shown.length === 0) return;
  await pool.query({
    name: 'push-shown',
    text: `insert into push_shown (subscription_id, chat_id, message_id)
      select * from unnest($1::uuid[], $2::uuid[], $3::uuid[]) order by 1, 2
      on conflict (subscription_id, chat_id) do update set message_id = excluded.message_id, shown_at = clock_timestamp()`,
    values: [
      shown.map(({ subscriptionId }) => subscriptionId),
      shown.map(({ chatId }) => chatId),
      shown.map(({ id }) => id),
    ],
  });
}

/**
 * After a push was sent: a device that removed a notification shows it no more, unless the push is due again. And a message that
 * was read since the decision is removed from the device now: the consumer may not have known that it would be shown, or the push
 * that removes it may have overtaken this one.
 */
export async function noteSent(database: Database, push: DuePush): Promise<void> {
  const { id, lease, subscriptionId, wanted } = push;
  if (wanted === undefined || !isShownByApp(wanted)) return;
  const { subject, address } = wanted;
  if (subject.is === 'message') return noteReadMeanwhile(database, push, { ...subject, userId: address.userId });
  if (subject.is === 'read')
    await database.pool.query({
      name: 'push-cleared',
      text: `delete from push_shown where subscription_id = $1 and chat_id = $2 and message_id = $3
        and exists (select from push_pending where id = $4 and lease = $5)`,
      values: [subscriptionId, subject.chatId, subject.id, id, lease],
    });
}

async function noteReadMeanwhile(
  { pool }: Database,
  { subscriptionId }: DuePush,
  { userId, chatId, id }: { readonly userId: string; readonly chatId: string; readonly id: string },
): Promise<void> {
  const { rowCount } = await pool.query({
    name: 'push-read-meanwhile',
    text: 'select where not push_is_unread($1, $2)',
    values: [userId, id],
  });
  if (rowCount === 0) return;
  await pool.query(
    `insert into push_shown (subscription_id, chat_id, message_id) values ($1, $2, $3)
     on conflict (subscription_id, chat_id) do nothing`,
    [subscriptionId, chatId, id],
  );
  await pool.query('select push_enqueue_clearing(array[$1::uuid], array[$2::uuid])', [userId, chatId]);
}
