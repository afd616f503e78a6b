-- Called by release 0.1 only; send_batch() replaces it, and 0.3 drops it.
--
-- Sends a batch of messages, each accepted or refused on its own: it locks and does nothing else, then checks and writes with a
-- newer snapshot, then raises each head once. It returns a status for each message and never raises, so nothing is rolled back.
--
-- p_mode: 'brief' waits 25 ms for a lock (then 55P03: call again with 'skip'), 'skip' passes over chats that are held, 'wait'
-- takes one chat and waits 2 s for its lock. p_limit: messages per user and minute, 0 for no limit.
-- outcome: 0 sent, 1 repeat, 2 chat not found, 3 clientId reused, 4 held by another (only 'skip'), 5 not a member,
-- 6 the other has left (Single), 7 over the limit. `used` counts the sender's messages in this minute, including this one
-- (null without a limit).
--
-- Every look-up is `lateral … limit 1`. Plans are made once per connection, in a fresh database from statistics of empty tables,
-- and any other join could then read a whole table or chat for each message until the next ANALYZE. For the same reason the
-- index that finds repeats (messages_client_id) begins with the sender, and the chat is compared in a way that no other index
-- supports.
--
-- Without a generic plan Postgres would plan every call: with the arrays in hand, a plan for one message looks cheaper than one
-- for ten, and planning takes longer than running. The look-ups are the same for any number of messages, so one plan is kept
-- per connection; a plan that was made while a table was small must not scan it.
create or replace function send_messages(p_chat uuid[], p_user uuid[], p_client uuid[], p_id uuid[], p_body bytea[], p_mac bytea[], p_mode text, p_limit int)
returns table (ord int, outcome smallint, id uuid, seq bigint, number bigint, version bigint, body bytea,
               created_at timestamptz, edited_at timestamptz, deleted_at timestamptz,
               sender_name text, sender_avatar_url text, used int)
language plpgsql volatile
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
declare v_held uuid[]; v_minute bigint := floor(extract(epoch from clock_timestamp()) / 60);
begin
  if p_mode = 'wait' then
    if (select count(distinct c) from unnest(p_chat) c) <> 1 then raise exception 'the slow lane takes one chat'; end if;
    perform set_config('lock_timeout', '2000', true);
    select array_agg(h.chat_id) into v_held from (select chat_id from chat_heads where chat_id = p_chat[1] for no key update) h;
  elsif p_mode = 'brief' then
    perform set_config('lock_timeout', '25', true);
    select array_agg(h.chat_id) into v_held from (select chat_id from chat_heads where chat_id = any (p_chat) order by chat_id for no key update) h;
  elsif p_mode = 'skip' then
    select array_agg(h.chat_id) into v_held from (select chat_id from chat_heads where chat_id = any (p_chat) order by chat_id for no key update skip locked) h;
  else
    raise exception 'no such mode: %', p_mode;
  end if;

  return query
  with input as materialized (
    select t.* from unnest(p_chat, p_user, p_client, p_id, p_body, p_mac) with ordinality t (chat_id, user_id, client_id, id, body, mac, ord)),
  judged as materialized (
    select i.*, h.chat_id is not null as is_chat, h.workspace_id, h.chat_type, coalesce(i.chat_id = any (v_held), false) as is_held,
      row_number() over (partition by i.chat_id, i.user_id, i.client_id order by i.ord) = 1 as is_first,
      w.user_id is not null and m.user_id is not null as is_member,
      w.user_id is not null as is_in_workspace,
      h.chat_type <> 'Single' or exists (
        select 1 from chat_members o where o.chat_id = i.chat_id and o.user_id <> i.user_id and o.left_seq is null) as has_company,
      k.id as k_id, k.mac as k_mac
    from input i
    left join lateral (select h.* from chat_heads h where h.chat_id = i.chat_id limit 1) h on true
    left join lateral (
      select w.user_id from workspace_members w
      where w.workspace_id = h.workspace_id and w.user_id = i.user_id and w.left_seq is null limit 1) w on true
    left join lateral (
      select m.user_id from chat_members m
      where m.chat_id = i.chat_id and m.user_id = i.user_id and m.left_seq is null limit 1) m on true
    left join lateral (
      select k.id, k.mac from messages k
      where k.sender_id = i.user_id and k.client_id = i.client_id and k.chat_id is not distinct from i.chat_id limit 1) k on true),
  wanted as materialized (
    select j.*, row_number() over (partition by j.user_id order by j.ord) as of_user from judged j
    where j.is_held and j.is_member and j.k_id is null and j.is_first and j.has_company),
  counted as (
    insert into send_counters as c (user_id, minute, sent)
    select n.user_id, v_minute, n.sent from (select user_id, count(*)::int as sent from wanted where p_limit > 0 group by 1) n order by 1
    -- The row may already count the next minute: this batch read the clock and then waited. It adds to that count.
    on conflict (user_id) do update set
      minute = case when c.minute = excluded.minute + 1 then c.minute else excluded.minute end,
      sent = case when c.minute - excluded.minute in (0, 1) then c.sent + excluded.sent else excluded.sent end
    returning c.user_id, c.sent),
  allowance as materialized (
    select c.user_id, c.sent, c.sent - (select count(*) from wanted w where w.user_id = c.user_id) as before from counted c),
  fresh as materialized (
    select w.*, row_number() over (partition by w.chat_id order by w.ord) as k
    from wanted w left join allowance a on a.user_id = w.user_id
    where a.user_id is null or a.before + w.of_user <= p_limit),
  bump as (
    update chat_heads h set last_seq = h.last_seq + n.sent, last_number = h.last_number + n.sent
    from (select f.chat_id, count(*) as sent from fresh f group by 1) n where h.chat_id = n.chat_id
    returning h.chat_id, h.last_seq - n.sent as base_seq, h.last_number - n.sent as base_number),
  written as (
    insert into messages (id, chat_id, seq, number, version, sender_id, client_id, body, mac)
    select f.id, f.chat_id, b.base_seq + f.k, b.base_number + f.k, b.base_seq + f.k, f.user_id, f.client_id, f.body, f.mac
    from fresh f join bump b on b.chat_id = f.chat_id
    returning messages.*),
  read_by_sender as (
    update chat_members m set last_read_seq = s.seq, last_read_number = s.number
    from (select w.chat_id, w.sender_id, max(w.seq) as seq, max(w.number) as number from written w group by 1, 2) s
    where m.chat_id = s.chat_id and m.user_id = s.sender_id and m.left_seq is null),
  logged as (
    insert into event_log (workspace_id, chat_id, chat_seq, code, subject_id)
    select f.workspace_id, f.chat_id, b.base_seq + f.k, 1, f.id from fresh f join bump b on b.chat_id = f.chat_id order by f.chat_id, f.k)
  select j.ord::int,
    (case
      when not j.is_chat then 2
      when not j.is_held then 4
      when not j.is_member then
        case when j.is_in_workspace and j.chat_type = 'PublicChannel'
          and exists (select 1 from chats c where c.id = j.chat_id and c.deleted_at is null) then 5 else 2 end
      when j.k_id is not null then case when j.k_mac = j.mac then 1 else 3 end
      when not j.has_company then 6
      when s.id is null then 7
      when s.id = j.id then 0
      when s.mac = j.mac then 1
      else 3
    end)::smallint,
    coalesce(k.id, s.id), coalesce(k.seq, s.seq), coalesce(k.number, s.number), coalesce(k.version, s.version),
    case when k.id is not null then k.body else s.body end,
    coalesce(k.created_at, s.created_at), k.edited_at, k.deleted_at, u.full_name, u.avatar_url,
    (case when p_limit > 0 then coalesce(a.before + w.of_user, a.sent,
      (select c.sent from send_counters c where c.user_id = j.user_id and c.minute = v_minute), 0) end)::int
  from judged j
  left join lateral (select k.* from messages k where k.id = j.k_id limit 1) k on true
  left join written s on s.chat_id = j.chat_id and s.sender_id = j.user_id and s.client_id = j.client_id
  left join lateral (select u.full_name, u.avatar_url from users u where u.id = j.user_id limit 1) u on true
  left join wanted w on w.ord = j.ord
  left join allowance a on a.user_id = j.user_id;
end $$;
