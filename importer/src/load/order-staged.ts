import type pg from 'pg';
import type { Problems } from '../report.ts';

/**
 * Sorts the staged messages of each chat by their time, and those of the same time as they came, and says which seqs and
 * numbers they get. A reply whose post is not before it in the chat stays in the main timeline.
 */
export async function orderStaged(client: pg.PoolClient, problems: Problems): Promise<void> {
  await client.query('create unique index on pg_temp.import_staged (ord); analyze pg_temp.import_staged');
  const lost = await client.query(withoutPost);
  if (lost.rowCount)
    problems.add('a reply whose post is missing or newer is in the main timeline', 'all', lost.rowCount);
  const nested = await client.query(ofReplies);
  if (nested.rowCount) problems.add('a reply to a reply is in the main timeline', 'all', nested.rowCount);
  await client.query(ordered);
  await client.query(
    'create unique index on pg_temp.import_order (chat_id, through_seq); analyze pg_temp.import_order',
  );
}

const withoutPost = `
  update pg_temp.import_staged s set thread_key = null where s.thread_key is not null and not exists (
    select from pg_temp.import_staged r
    where r.key = s.thread_key and r.chat_id = s.chat_id and (r.at_us, r.ord) < (s.at_us, s.ord))`;

const ofReplies = `
  update pg_temp.import_staged s set thread_key = null where s.thread_key is not null and exists (
    select from pg_temp.import_staged r where r.key = s.thread_key and r.thread_key is not null)`;

// Messages and reactions count as events: seqs are dense, although no event of them is in the log.
const ordered = `
  create temp table import_order as
  select s.ord, s.chat_id, s.id, r.id as thread_id, q.id as quoted_id, t.thread_key is not null as is_root, s.reaction_count,
    n.row_count,
    (sum(1 + s.reaction_count) over in_chat)::bigint as through_seq,
    (sum(n.row_count) over in_chat)::bigint as through_rows,
    row_number() over (partition by s.chat_id, r.id order by s.at_us, s.ord) as number,
    case when s.pinned_at is not null then
      row_number() over (partition by s.chat_id, s.pinned_at is not null order by s.pinned_at desc, s.ord desc) end as pin_rank
  from pg_temp.import_staged s
  cross join lateral (select 1 + s.reaction_count + coalesce(
    jsonb_array_length(s.mentions -> 'userIds') + (s.mentions ->> 'everyone')::boolean::int, 0) as row_count) n
  left join pg_temp.import_staged r on r.key = s.thread_key
  left join pg_temp.import_staged q on q.key = s.quoted_key and q.chat_id = s.chat_id and q.body is not null
  left join (select distinct thread_key from pg_temp.import_staged where thread_key is not null) t on t.thread_key = s.key
  window in_chat as (partition by s.chat_id order by s.at_us, s.ord)`;
