import type { JobDeps } from '../maintenance/job.ts';

const BATCH_ROWS = 200;
/** What nobody has looked at for so long, because workers were away or the setting was off, is no news. */
const LATE_DAYS = 1;
/** In each conversation, by unread_mention_times(). */
const LOOKED_AT_MAX = 1_000;

/** Whether people get a mail about mentions that they have not read for a day. */
export const mailsMentions = ({ mail }: JobDeps['config']): boolean => mail.mentionDigest && mail.via !== 'off';

/**
 * Queues a mail for each person who was mentioned a day ago and has not read it. Who has read that, but not a later mention, keeps
 * the row until that one is a day old. The row is deleted in the same statement, so no mention is mailed twice; whether there is
 * still something unread is decided again when the mail is sent.
 */
export async function queueMentionDigests(
  { db, config }: Pick<JobDeps, 'db' | 'config'>,
  signal: AbortSignal,
): Promise<void> {
  await db.pool.query('delete from mention_digests where due_at < clock_timestamp() - make_interval(days => $1)', [
    LATE_DAYS,
  ]);
  if (!mailsMentions(config)) return;
  for (let count = BATCH_ROWS; count === BATCH_ROWS && !signal.aborted; ) {
    const { rows } = await db.pool.query<{ count: number }>(
      `with due as materialized (
         select user_id, since_at from mention_digests
         where due_at <= clock_timestamp() order by due_at limit $1 for update skip locked),
       seen as materialized (
         select d.user_id, d.since_at, t.first_at,
           -- Of so many not all were looked at.
           t.first_at <= clock_timestamp() - interval '1 day' or t.unread >= $2 as is_wanted
         from due d cross join lateral (
           select min(x) as first_at, count(*) as unread from unread_mention_times(d.user_id, d.since_at) x) t),
       later as (
         update mention_digests m set since_at = s.first_at, due_at = s.first_at + interval '1 day'
         from seen s where m.user_id = s.user_id and not s.is_wanted),
       ended as (
         delete from mention_digests m using seen s where m.user_id = s.user_id and s.is_wanted is distinct from false),
       queued as (
         insert into mail_jobs (id, kind, user_id, address, details, expires_at)
         select gen_random_uuid(), 'mentions', u.id, u.email, jsonb_build_object('since', s.since_at),
           clock_timestamp() + interval '1 day'
         from seen s join users u on u.id = s.user_id and u.holds_email and u.email_verified_at is not null
         where s.is_wanted)
       select count(*)::int as count from due`,
      [BATCH_ROWS, LOOKED_AT_MAX],
    );
    count = rows[0]?.count ?? 0;
  }
}
