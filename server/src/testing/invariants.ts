import { loggedEvents } from '@fechatter/contract';
import type { TestDatabase } from '@fechatter/drizzle/testing';

/** The rules of threads. */
const threadRules: Readonly<Record<string, string>> = {
  'a thread’s replies are 1, 2, 3 … up to its summary, which counts those that are not deleted': `
    select coalesce(t.root_id, n.thread_id) as id, to_jsonb(t) as thread, to_jsonb(n) as replies from threads t full join (
      select m.thread_id, count(*) as all_of, count(distinct m.number) as numbers, max(m.number) as last, max(m.seq) as seq,
        count(*) filter (where m.deleted_at is null) as live,
        latest_repliers(array_agg(m.sender_id order by m.seq desc)) as people
      from messages m where m.thread_id is not null group by 1) n on n.thread_id = t.root_id
    where t.root_id is null or n.thread_id is null or n.all_of <> t.last_number or n.numbers <> t.last_number
      or n.last <> t.last_number or n.live <> t.reply_count or n.people <> t.participant_ids
      or t.version < n.seq`,
  'a message has a thread if and only if its parts have the flag': `
    select m.id from messages m where coalesce(m.parts ? 'thread', false) <> exists (select from threads t where t.root_id = m.id)`,
  'a reply is to a message of the main timeline of its chat': `
    select m.id from messages m where m.thread_id is not null and not exists (
      select from messages r where r.id = m.thread_id and r.chat_id = m.chat_id and r.thread_id is null and r.seq < m.seq)`,
  'only members follow, and a mark lies in its thread': `
    select f.user_id, f.root_id from thread_follows f left join threads t on t.root_id = f.root_id
    where f.last_read_number < 0 or f.last_read_number > coalesce(t.last_number, 0) or not exists (
      select from live_chat_members p where p.chat_id = f.chat_id and p.user_id = f.user_id)`,
};

const takingAway = loggedEvents.flatMap(({ code, takesAway }) => (takesAway ? [code] : [])).join(', ');

/** Whether an event `e` opens an imported chat, whose history up to there has no events. */
const opensImported = (seq: string) => `(e.code = 10 and e.facts ? 'isImported' and ${seq} < e.chat_seq)`;

// For tests: what must hold in the database after any change, however it raced. Each query finds what breaks a rule.
const rules: Readonly<Record<string, string>> = {
  'a chat’s events are 1, 2, 3 … up to its head': `
    select h.chat_id from chat_heads h join chats c on c.id = h.chat_id
    left join event_log e on e.chat_id = h.chat_id and e.chat_seq is not null
    group by h.chat_id, h.last_seq, c.imported_at
    having count(distinct e.chat_seq) <> count(e.chat_seq) or coalesce(max(e.chat_seq), 0) <> h.last_seq
      or count(e.chat_seq) <> h.last_seq - case when c.imported_at is null then 0 else min(e.chat_seq) - 1 end`,
  'a workspace’s events are 1, 2, 3 … up to its head': `
    select h.workspace_id from workspace_heads h
    left join event_log e on e.workspace_id = h.workspace_id and e.workspace_seq is not null
    group by h.workspace_id, h.last_seq
    having count(e.workspace_seq) <> h.last_seq or count(distinct e.workspace_seq) <> h.last_seq
      or coalesce(max(e.workspace_seq), 0) <> h.last_seq`,
  'a chat’s messages are 1, 2, 3 … up to its head': `
    select h.chat_id from chat_heads h left join messages m on m.chat_id = h.chat_id and m.thread_id is null
    group by h.chat_id, h.last_number
    having count(m.number) <> h.last_number or count(distinct m.number) <> h.last_number
      or coalesce(max(m.number), 0) <> h.last_number`,
  'a message has its event, unless it was imported with its chat': `
    select m.id from messages m where not exists (
      select 1 from event_log e where e.chat_id = m.chat_id and (
        (e.chat_seq = m.seq and e.code = 1 and e.subject_id = m.id) or ${opensImported('m.seq')}))`,
  'every member of a chat is in its workspace': `
    select m.chat_id, m.user_id from chat_members m join chats c on c.id = m.chat_id
    join workspaces w on w.id = c.workspace_id and w.deleted_at is null
    where m.left_seq is null and not exists (
      select 1 from workspace_members o
      where o.workspace_id = c.workspace_id and o.user_id = m.user_id and o.left_seq is null)`,
  'what was deleted has no members': `
    select m.chat_id from chat_members m join chats c on c.id = m.chat_id where c.deleted_at is not null and m.left_seq is null
    union all
    select m.workspace_id from workspace_members m join workspaces w on w.id = m.workspace_id
    where w.deleted_at is not null and m.left_seq is null`,
  'a period in a chat begins and ends with an event': `
    select m.chat_id, m.user_id from chat_members m
    where not exists (
      select 1 from event_log e where e.chat_id = m.chat_id and e.chat_seq = m.joined_seq
        and (e.code = 10 or (e.code = 13 and e.subject_id = m.user_id)))
    or (m.left_seq is not null and not exists (
      select 1 from event_log e where e.chat_id = m.chat_id and e.chat_seq = m.left_seq
        and (e.code = 31 or (e.code = 30 and e.subject_id = m.user_id))))`,
  'a period in a workspace begins and ends with an event': `
    select m.workspace_id, m.user_id from workspace_members m
    where not exists (
      select 1 from event_log e where e.workspace_id = m.workspace_id and e.workspace_seq = m.joined_seq
        and e.code = 21 and e.subject_id = m.user_id)
    or (m.left_seq is not null and not exists (
      select 1 from event_log e where e.workspace_id = m.workspace_id and e.workspace_seq = m.left_seq
        and (e.code = 33 or (e.code = 32 and e.subject_id = m.user_id))))`,
  'an event of joining or leaving has its period': `
    select e.id from event_log e
    where (e.code = 13 and not exists (
      select 1 from chat_members m where m.chat_id = e.chat_id and m.user_id = e.subject_id and m.joined_seq = e.chat_seq))
    or (e.code = 30 and not exists (
      select 1 from chat_members m where m.chat_id = e.chat_id and m.user_id = e.subject_id and m.left_seq = e.chat_seq))
    or (e.code = 21 and not exists (
      select 1 from workspace_members m
      where m.workspace_id = e.workspace_id and m.user_id = e.subject_id and m.joined_seq = e.workspace_seq))
    or (e.code = 32 and not exists (
      select 1 from workspace_members m
      where m.workspace_id = e.workspace_id and m.user_id = e.subject_id and m.left_seq = e.workspace_seq))`,
  'a revocation is marked in its row': `
    select id from event_log where takes_away <> (code in (${takingAway}) or (code = 22 and facts ->> 'role' = 'Guest'))`,
  'a chat with a Guest is marked': `
    select h.chat_id from chat_heads h where not h.has_guests and exists (
      select from chat_members m join workspace_members w on w.workspace_id = h.workspace_id and w.user_id = m.user_id
      where m.chat_id = h.chat_id and m.left_seq is null and w.left_seq is null and w.role = 'Guest')`,
  'a Guest is a Member of chats, and nothing more': `
    select m.chat_id, m.user_id from chat_members m join chats c on c.id = m.chat_id
    join workspace_members w on w.workspace_id = c.workspace_id and w.user_id = m.user_id and w.left_seq is null
    where m.left_seq is null and w.role = 'Guest' and m.role <> 'Member'`,
  'a role is that of the last event': `
    select m.chat_id, m.user_id from chat_members m
    join lateral (
      select e.facts ->> 'role' as role from event_log e
      where e.chat_id = m.chat_id and e.subject_id = m.user_id and e.code in (13, 14)
        and e.chat_seq >= m.joined_seq and (m.left_seq is null or e.chat_seq <= m.left_seq)
      order by e.chat_seq desc limit 1) t on true
    where t.role <> m.role::text
    union all
    select m.workspace_id, m.user_id from workspace_members m
    join lateral (
      select e.facts ->> 'role' as role from event_log e
      where e.workspace_id = m.workspace_id and e.subject_id = m.user_id and e.code in (21, 22)
        and e.workspace_seq >= m.joined_seq and (m.left_seq is null or e.workspace_seq <= m.left_seq)
      order by e.workspace_seq desc limit 1) t on true
    where t.role <> m.role::text`,
  'every workspace and closed chat with members has an Owner': `
    select m.workspace_id from workspace_members m where m.left_seq is null
    group by 1 having count(*) filter (where m.role = 'Owner') = 0
    union all
    select m.chat_id from chat_members m join chats c on c.id = m.chat_id
    join workspace_members w on w.workspace_id = c.workspace_id and w.user_id = m.user_id and w.left_seq is null
    where m.left_seq is null and w.role <> 'Guest' and c.chat_type in ('Group', 'PrivateChannel')
    group by 1 having count(*) filter (where m.role = 'Owner') = 0`,
  'a read mark equals the number of messages up to its seq': `
    select m.chat_id, m.user_id from chat_members m join chat_heads h on h.chat_id = m.chat_id
    where m.last_read_seq > h.last_seq or m.last_read_number <> (
      select count(*) from messages x where x.chat_id = m.chat_id and x.thread_id is null and x.seq <= m.last_read_seq)`,
  'what people sent after they had moved their mark, they have read': `
    select m.chat_id, m.user_id from chat_members m join messages x on x.chat_id = m.chat_id and x.sender_id = m.user_id
    where x.thread_id is null and x.seq > m.mark_seq and x.seq > m.joined_seq and x.seq < coalesce(m.left_seq, x.seq + 1) and x.number > m.last_read_number`,
  'no mark is before its period': `
    select m.chat_id, m.user_id from chat_members m join chat_heads h on h.chat_id = m.chat_id where m.mark_seq > h.last_seq`,
  ...threadRules,
  'what is shown of reactions is what people reacted with': `
    select m.id from messages m
    where (select jsonb_agg(k order by k ->> 'emoji') from jsonb_array_elements(m.parts -> 'reactions') k) is distinct from (
      select jsonb_agg(jsonb_build_object('emoji', r.emoji, 'count', r.count, 'userIds', r.user_ids) order by r.emoji)
      from (select emoji, count(*), (array_agg(user_id order by seq))[1:10] as user_ids
            from reactions where message_id = m.id group by emoji) r)`,
  'exactly the pinned messages are marked': `
    select m.id from messages m full join pins p on p.message_id = m.id
    where (m.parts ->> 'pinnedAt' is null) <> (p.message_id is null) or p.chat_id <> m.chat_id
      or not exists (
        select 1 from event_log e where p.message_id is null or (
          e.chat_id = p.chat_id and (
            (e.chat_seq = p.seq and e.code = 5 and e.subject_id = p.message_id) or ${opensImported('p.seq')})))`,
  'a saved message is marked, undeleted and in that chat': `
    select k.message_id from saved_messages k left join messages m on m.id = k.message_id
    where m.deleted_at is not null or m.chat_id is distinct from k.chat_id or m.parts -> 'saved' is null`,
  'a chat has 100 pinned messages at most': 'select chat_id from pins group by 1 having count(*) > 100',
  'who is mentioned is who is shown as mentioned': `
    select m.id from messages m full join (
      select message_id, chat_id, thread_id, number, sender_id, bool_or(user_id is null) as everyone, count(*) as rows,
        coalesce(jsonb_agg(user_id order by user_id) filter (where user_id is not null), '[]') as user_ids
      from mentions group by 1, 2, 3, 4, 5) n on n.message_id = m.id
    where n.message_id is null and m.parts ? 'mentions' or n.message_id is not null and (
      m.body is null or (m.parts -> 'mentions') is null
      or (m.chat_id, m.thread_id, m.number, m.sender_id) is distinct from (n.chat_id, n.thread_id, n.number, n.sender_id)
      or n.everyone <> (m.parts -> 'mentions' ->> 'everyone')::boolean
      or n.user_ids <> (select coalesce(jsonb_agg(u::uuid order by u::uuid), '[]') from jsonb_array_elements_text(m.parts -> 'mentions' -> 'userIds') u)
      or n.user_ids ? m.sender_id::text or n.rows <> jsonb_array_length(n.user_ids) + n.everyone::int)`,
  'a message’s version is the seq of its last change': `
    select m.id from messages m join event_log e on e.chat_id = m.chat_id and e.code in (1, 2, 3, 4, 5, 6, 9)
      and m.id = case when e.code = 9 then (e.facts ->> 'messageId')::uuid else e.subject_id end
    where m.body is not null group by m.id, m.version having max(e.chat_seq) <> m.version`,
  'a chat’s version is the seq of its last change': `
    select c.id from chats c join event_log e on e.chat_id = c.id and e.code in (10, 11)
    group by c.id, c.version having max(e.chat_seq) <> c.version`,
};

/** The broken rules, with the rows that break them: `expect(await brokenRules(app.database)).toEqual({})`. */
export async function brokenRules(database: Pick<TestDatabase, 'query'>): Promise<Record<string, unknown[]>> {
  const broken: Record<string, unknown[]> = {};
  for (const [rule, query] of Object.entries(rules)) {
    const found = await database.query(query);
    if (found.length > 0) broken[rule] = found;
  }
  return broken;
}
