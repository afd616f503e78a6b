-- Checks messages of chats whose heads the caller's transaction holds (p_held, from lock_heads() in an earlier statement), and
-- writes those that pass. It returns a status for each message and never raises, so nothing is rolled back. Other parts of a
-- batch can follow in the same transaction, in their own statements.
--
-- p_extras: what a message has in addition to its body, null if nothing: `thread_id`, the root of the thread that it replies
-- in; `quoted_id`, a message of the chat; `file_ids`, up to 10 files of the sender in the chat; `mentions`, whom its text names, as write_mentions() takes it. p_limit: messages per
-- user and minute, 0 for no limit.
-- outcome: 0 sent, 1 repeat, 2 chat not found, 3 clientId reused, 4 not in p_held, 5 not a member, 6 the other has left
-- (Single), 7 over the limit, 8 archived, 9 only Admins post here, 10 no such root or quoted message (any more), 11 the root is
-- itself a reply, 12 the other person of a Single chat blocks the sender, 13 no such file (any more), or another message has it
-- or gets it in this batch, 14 a file is not complete, 15 a file is infected.
-- `id` is that of the message, sent now or before. Its place (seq, number, version, created_at) and its sender are returned
-- for a message sent now; for a repeat, an ordinary query reads what to show. The sender is returned because the response
-- needs it, and a second query per batch would cost as much as the send; as jsonb, so that another column does not change the
-- result type. `used` counts the sender's messages in this minute, including this one (null without a limit).
--
-- Every look-up is `lateral … limit 1`. Plans are made once per connection, in a fresh database from statistics of empty tables,
-- and any other join could then read a whole table or chat for each message until the next ANALYZE. For the same reason the
-- index that finds repeats (messages_client_id) begins with the sender, and the chat is compared in a way that no other index
-- supports.
create or replace function send_held(p_held uuid[], p_chat uuid[], p_user uuid[], p_client uuid[], p_id uuid[], p_body bytea[], p_mac bytea[], p_extras jsonb[], p_limit int)
returns table (ord int, outcome smallint, id uuid, seq bigint, number bigint, version bigint, created_at timestamptz, sender jsonb, used int)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_minute bigint := floor(extract(epoch from clock_timestamp()) / 60);
  v_replies bigint[];
  v_refused smallint[];
  v_new uuid[];
begin
  -- In a statement of its own, so that plain messages do not pay for it: what replies and quotes refer to, and how many
  -- replies there are so far. No one else can add one, because the heads are locked.
  if exists (select from unnest(p_extras) e where e ?| array['thread_id', 'quoted_id']) then
    select array_agg(coalesce(t.last_number, 0) order by e.ord),
      array_agg((case
        when e.thread_id is not null and r.thread_id is not null then 11
        when e.thread_id is not null and (r.id is null or r.deleted_at is not null) then 10
        when e.quoted_id is not null and q.id is null then 10 end)::smallint order by e.ord)
    into v_replies, v_refused
    from (
      select u.chat_id, (u.extras ->> 'thread_id')::uuid as thread_id, (u.extras ->> 'quoted_id')::uuid as quoted_id, u.ord
      from unnest(p_chat, p_extras) with ordinality u (chat_id, extras, ord)) e
    left join lateral (
      select m.id, m.thread_id, m.deleted_at from messages m where m.id = e.thread_id and m.chat_id = e.chat_id limit 1) r on true
    left join lateral (select t.last_number from threads t where t.root_id = r.id limit 1) t on true
    left join lateral (
      select m.id from messages m where m.id = e.quoted_id and m.chat_id = e.chat_id and m.deleted_at is null limit 1) q on true;
  end if;

  -- The heads are held, so nothing ends a file before it is claimed. A repeat in the same batch names the same files.
  if p_extras is not null and exists (select from unnest(p_extras) e where e ? 'file_ids') then
    select array_agg(coalesce(v_refused[i.ord], (
      select min(case
        when f.id is null or f.chat_id is distinct from i.chat_id or f.uploader_id <> i.user_id or f.message_id is not null
          or f.state = 'Gone' or f.expires_at <= clock_timestamp() then 13
        when exists (
          select from unnest(p_chat, p_user, p_client, p_extras) with ordinality o (chat_id, user_id, client_id, extras, ord)
          where o.ord < i.ord and o.chat_id = i.chat_id and o.user_id = i.user_id and o.client_id <> i.client_id
            and o.extras -> 'file_ids' ? x.id) then 13
        when f.state = 'Uploading' then 14
        when f.state = 'Infected' then 15 end)
      from jsonb_array_elements_text(i.extras -> 'file_ids') x (id)
      left join lateral (select f.* from files f where f.id = x.id::uuid limit 1) f on true)::smallint) order by i.ord)
    into v_refused
    from unnest(p_chat, p_user, p_client, p_extras) with ordinality i (chat_id, user_id, client_id, extras, ord);
  end if;

  -- A batch whose commit was not confirmed comes again with the same ids. What belongs to its messages is written with them,
  -- and not again; null stands for those that are there already.
  if p_extras is not null then
    v_new := array(
      select case when m.id is null then i.id end from unnest(p_id) with ordinality i (id, ord)
      left join lateral (select m.id from messages m where m.id = i.id limit 1) m on true order by i.ord);
  end if;

  return query
  with input as materialized (
    select t.*, (t.extras ->> 'thread_id')::uuid as thread_id, (t.extras ->> 'quoted_id')::uuid as quoted_id
    from unnest(p_chat, p_user, p_client, p_id, p_body, p_mac, p_extras, v_replies, v_refused)
      with ordinality t (chat_id, user_id, client_id, id, body, mac, extras, replies, refused, ord)),
  judged as materialized (
    select i.*, h.chat_id is not null as is_chat, h.workspace_id, h.chat_type, coalesce(i.chat_id = any (p_held), false) as is_held,
      row_number() over (partition by i.chat_id, i.user_id, i.client_id order by i.ord) = 1 as is_first,
      w.user_id is not null and m.user_id is not null as is_member,
      w.user_id is not null and w.role >= 'Member' as is_in_workspace,
      h.posting = 'All' or (h.posting = 'Admins' and (
        m.role >= 'Admin' or (h.chat_type = 'PublicChannel' and w.role >= 'Admin'))) as may_post, h.posting,
      h.chat_type <> 'Single' or exists (
        select 1 from live_chat_members o where o.chat_id = i.chat_id and o.user_id <> i.user_id) as has_company,
      h.chat_type = 'Single' and exists (
        select from blocks b where b.blocked_id = i.user_id and b.user_id = (
          select o.user_id from live_chat_members o where o.chat_id = i.chat_id and o.user_id <> i.user_id limit 1)) as is_blocked,
      k.id as k_id, k.mac as k_mac
    from input i
    left join lateral (select h.* from chat_heads h where h.chat_id = i.chat_id limit 1) h on true
    left join lateral (
      select w.user_id, w.role from live_workspace_members w
      where w.workspace_id = h.workspace_id and w.user_id = i.user_id limit 1) w on true
    left join lateral (
      select m.user_id, m.role from live_chat_members m
      where m.chat_id = i.chat_id and m.user_id = i.user_id limit 1) m on true
    left join lateral (
      select k.id, k.mac from messages k
      where k.sender_id = i.user_id and k.client_id = i.client_id and k.chat_id is not distinct from i.chat_id limit 1) k on true),
  wanted as materialized (
    select j.*, row_number() over (partition by j.user_id order by j.ord) as of_user from judged j
    where j.is_held and j.is_member and j.k_id is null and j.is_first and j.has_company and not j.is_blocked and j.may_post and j.refused is null),
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
    select w.*, row_number() over in_chat as k, count(*) filter (where w.thread_id is null) over in_chat as k_main
    from wanted w left join allowance a on a.user_id = w.user_id
    where a.user_id is null or a.before + w.of_user <= p_limit
    window in_chat as (partition by w.chat_id order by w.ord)),
  bump as (
    update chat_heads h set last_seq = h.last_seq + n.sent, last_number = h.last_number + n.sent_main
    from (select f.chat_id, count(*) as sent, max(f.k_main) as sent_main from fresh f group by 1) n where h.chat_id = n.chat_id
    returning h.chat_id, h.last_seq - n.sent as base_seq, h.last_number - n.sent_main as base_number),
  written as (
    insert into messages (id, chat_id, seq, number, version, sender_id, client_id, body, mac, thread_id, parts)
    select f.id, f.chat_id, b.base_seq + f.k,
      case when f.thread_id is null then b.base_number + f.k_main
        else f.replies + (select count(*) from fresh g where g.thread_id = f.thread_id and g.k <= f.k) end,
      b.base_seq + f.k, f.user_id, f.client_id, f.body, f.mac, f.thread_id,
      case when f.quoted_id is not null or f.extras ? 'file_ids' then jsonb_strip_nulls(jsonb_build_object(
        'quotedId', f.quoted_id, 'files', case when f.extras ? 'file_ids' then true end)) end
    from fresh f join bump b on b.chat_id = f.chat_id
    returning messages.*),
  read_by_sender as (
    update chat_members m set last_read_seq = s.seq, last_read_number = s.number
    from (select w.chat_id, w.sender_id, max(w.seq) as seq, max(w.number) as number from written w
      where w.thread_id is null group by 1, 2) s
    where m.chat_id = s.chat_id and m.user_id = s.sender_id and m.left_seq is null),
  logged as (
    insert into event_log (workspace_id, chat_id, chat_seq, code, subject_id, facts)
    select f.workspace_id, f.chat_id, b.base_seq + f.k, 1, f.id,
      case when f.thread_id is null then '{}'::jsonb else jsonb_build_object('threadId', f.thread_id) end
    from fresh f join bump b on b.chat_id = f.chat_id order by f.chat_id, f.k)
  select j.ord::int,
    (case
      when not j.is_chat then 2
      when not j.is_held then 4
      when not j.is_member then
        case when j.is_in_workspace and j.chat_type = 'PublicChannel'
          and exists (select 1 from chats c where c.id = j.chat_id and c.deleted_at is null) then 5 else 2 end
      when j.k_id is not null then case when j.k_mac = j.mac then 1 else 3 end
      when not j.has_company then 6
      when j.is_blocked then 12
      when not j.may_post then case when j.posting = 'Nobody' then 8 else 9 end
      when j.refused is not null then j.refused
      when s.id is null then 7
      when s.id = j.id then 0
      when s.mac = j.mac then 1
      else 3
    end)::smallint,
    coalesce(j.k_id, s.id), s.seq, s.number, s.version, s.created_at,
    case when s.id = j.id then (
      select jsonb_build_object('kind', u.kind, 'name', u.full_name, 'avatar_url', u.avatar_url) from users u where u.id = j.user_id limit 1) end,
    (case when p_limit > 0 then coalesce(a.before + w.of_user, a.sent,
      (select c.sent from send_counters c where c.user_id = j.user_id and c.minute = v_minute), 0) end)::int
  from judged j
  left join written s on s.chat_id = j.chat_id and s.sender_id = j.user_id and s.client_id = j.client_id
  left join wanted w on w.ord = j.ord
  left join allowance a on a.user_id = j.user_id;

  if p_extras is null then return; end if;
  -- Each new follower gets one event: first because of the reply, then those whom it mentions and who do not follow yet.
  if exists (select from unnest(p_extras) e where e ? 'thread_id') then
    perform write_replies(v_new);
  end if;
  if exists (select from unnest(p_extras) e where e ? 'file_ids') then
    perform claim_files(v_new, p_extras);
  end if;
  perform write_mentions(i.id, i.extras -> 'mentions') from unnest(v_new, p_extras) i (id, extras)
  where i.id is not null and i.extras ? 'mentions';
end $$;
