import { limits } from '@fechatter/contract';
import { NIL } from 'uuid';
import type { OpenChat } from './chats.ts';
import { type ImportRun, WorkspaceDeleted } from './import-deps.ts';

/** The input is not the one with which the import of a chat was begun, or its messages were changed since. */
class OtherInput extends Error {
  constructor() {
    super('the import of a chat was begun with another input, or its messages were erased since: it cannot go on');
  }
}

const ROWS_A_TRANSACTION = 1_000;

/**
 * Writes the staged messages of a chat, at most 1,000 rows in a transaction, from the numbers of its head: an import that
 * was interrupted continues there. They are not visible yet.
 */
export async function writeChat(run: ImportRun, chat: OpenChat, onWritten: (messages: number) => void): Promise<void> {
  await mustContinue(run, chat);
  for (;;) {
    const written = await inBatch(run, chat.id, async () => {
      const { rows } = await run.client.query<{ messages: number }>({
        name: 'import-batch',
        text: batch,
        values: [chat.id, ROWS_A_TRANSACTION, limits.pinsMax],
      });
      return rows[0]?.messages ?? 0;
    });
    if (written === 0) break;
    onWritten(written);
  }
  for (let after: string | undefined = NIL; after !== undefined; ) {
    const from: string = after;
    after = await inBatch(run, chat.id, async () => {
      const { rows } = await run.client.query<{ id: string }>(threads, [chat.id, from, ROWS_A_TRANSACTION]);
      return rows.at(-1)?.id;
    });
  }
  await inBatch(run, chat.id, () => run.client.query(pins, [chat.id, limits.pinsMax]));
}

/** One transaction that holds the chat's head. */
async function inBatch<T>({ client }: ImportRun, chatId: string, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    await client.query('select from chat_heads where chat_id = $1 for no key update', [chatId]);
    const alive = await client.query(
      'select from chat_heads h join workspaces w on w.id = h.workspace_id and w.deleted_at is null where h.chat_id = $1',
      [chatId],
    );
    if (alive.rowCount === 0) throw new WorkspaceDeleted();
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

/** What is written already must be the beginning of what is staged. Behind the last message there may be pins. */
async function mustContinue({ client }: ImportRun, chat: OpenChat): Promise<void> {
  const { rows } = await client.query<{ isSame: boolean }>(
    `select h.last_seq = 0 or o.through_seq = h.last_seq or (o.through_seq < h.last_seq and not exists (
       select from pg_temp.import_order x where x.chat_id = h.chat_id and x.through_seq > o.through_seq)) as "isSame"
     from chat_heads h
     left join lateral (select * from messages m where m.chat_id = h.chat_id order by m.seq desc limit 1) m on true
     left join pg_temp.import_order o on o.chat_id = h.chat_id and o.through_seq = m.seq + o.reaction_count and o.id = m.id
     where h.chat_id = $1`,
    [chat.id],
  );
  if (rows.length > 0 && rows[0]?.isSame !== true) throw new OtherInput();
}

// The next messages after the head's seq, with all that belongs to them.
const batch = `
  with head as (select last_seq, workspace_id from chat_heads where chat_id = $1),
  next as materialized (
    select o.*, row_number() over in_order as n,
      o.through_rows - first_value(o.through_rows - o.row_count) over in_order as taken
    from (
      select o.* from pg_temp.import_order o, head h where o.chat_id = $1 and o.through_seq > h.last_seq
      order by o.through_seq limit $2) o
    window in_order as (order by o.through_seq)),
  batch as materialized (
    select n.chat_id, n.id, n.thread_id, n.quoted_id, n.is_root, n.number, n.through_seq, n.through_seq - n.reaction_count as seq,
      coalesce(n.pin_rank <= $3, false) as is_pinned, s.client_id, s.sender_id, s.body, s.edited_at, s.pinned_at, s.mentions,
      s.reactions, s.has_files, to_timestamp(s.at_us / 1000000.0) as at
    from next n join pg_temp.import_staged s on s.ord = n.ord where n.n = 1 or n.taken <= $2),
  written as (
    insert into messages (id, chat_id, seq, number, version, sender_id, client_id, body, mac, created_at, edited_at, deleted_at,
      thread_id, parts)
    select b.id, b.chat_id, b.seq, b.number, b.through_seq, b.sender_id, b.client_id, b.body, '\\x', b.at, b.edited_at,
      case when b.body is null then b.at end, b.thread_id, nullif(jsonb_strip_nulls(jsonb_build_object(
        'reactions', (
          select jsonb_agg(jsonb_build_object('emoji', k.kind -> 'emoji', 'count', jsonb_array_length(k.kind -> 'userIds'),
            'userIds', jsonb_path_query_array(k.kind, '$.userIds[0 to 9]')) order by k.n)
          from jsonb_array_elements(b.reactions) with ordinality k (kind, n)),
        'mentions', b.mentions, 'quotedId', b.quoted_id,
        'pinnedAt', case when b.is_pinned then to_char(b.pinned_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end,
        'thread', case when b.is_root then true end, 'files', case when b.has_files then true end)), '{}')
    from batch b),
  reacted as (
    insert into reactions (user_id, message_id, emoji, seq)
    select u.id::uuid, b.id, k.kind ->> 'emoji', b.seq + row_number() over (partition by b.id order by k.n, u.n)
    from batch b cross join lateral jsonb_array_elements(b.reactions) with ordinality k (kind, n)
    cross join lateral jsonb_array_elements_text(k.kind -> 'userIds') with ordinality u (id, n)),
  mentioned as (
    insert into mentions (chat_id, thread_id, number, message_id, user_id, sender_id)
    select b.chat_id, b.thread_id, b.number, b.id, u.id, b.sender_id from batch b cross join lateral (
      select x.id::uuid as id from jsonb_array_elements_text(b.mentions -> 'userIds') x (id)
      union all select null where (b.mentions ->> 'everyone')::boolean) u
    where b.mentions is not null),
  raised as (
    update chat_heads h set last_seq = n.seq, last_number = h.last_number + n.main
    from (select max(through_seq) as seq, count(*) filter (where thread_id is null) as main from batch having count(*) > 0) n
    where h.chat_id = $1)
  select count(*)::int as messages from batch`;

const threads = `
  with roots as materialized (
    select o.thread_id from pg_temp.import_order o where o.chat_id = $1 and o.thread_id > $2 group by 1 order by 1 limit $3),
  summed as (
    insert into threads (root_id, version, reply_count, last_number, last_reply_at, participant_ids)
    select m.thread_id, max(m.version), count(*) filter (where m.body is not null), max(m.number),
      (array_agg(m.created_at order by m.seq desc))[1], latest_repliers(array_agg(m.sender_id order by m.seq desc))
    from roots r join messages m on m.thread_id = r.thread_id group by 1 order by 1
    on conflict do nothing)
  select thread_id as id from roots order by 1`;

const pins = `
  with pinned as materialized (
    select o.id, row_number() over (order by o.pin_rank desc) as n from pg_temp.import_order o
    where o.chat_id = $1 and o.pin_rank <= $2 and not exists (select from pins p where p.chat_id = $1)),
  written as (
    insert into pins (message_id, chat_id, seq) select p.id, $1, h.last_seq + p.n from pinned p, chat_heads h where h.chat_id = $1)
  update chat_heads h set last_seq = h.last_seq + n.count from (select count(*) from pinned) n where h.chat_id = $1`;
