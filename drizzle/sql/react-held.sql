-- Applies reactions to messages of chats whose heads the caller's transaction holds (p_held, from lock_heads() in an earlier
-- statement): the part of a batch that follows send_held(). It returns a status for each reaction and never raises.
--
-- p_reactions: {chat_id, user_id, message_id, emoji, is_added}; is_added false removes the reaction. p_limit: changes per person
-- and minute, 0 for no limit.
-- outcome: 0 changed, 1 unchanged, 2 chat not found, 4 not in p_held, 5 not a member, 7 over the limit, 8 no such message
-- (any more), 9 the message already has 20 kinds, 10 archived, 11 added, and the workspace has no such emoji of its own (any
-- more): others than `:name:` the caller has checked. `used` counts the person's changes in this minute (null without
-- a limit).
--
-- Reactions are applied one by one, grouped by message, because several in a batch may concern the same message: each message,
-- the heads and the log are written once. The summary on a message lists its kinds in the order of their first use, with count
-- and the first ten people of each. The counters are the last rows that are locked, in ascending order.
create or replace function react_held(p_held uuid[], p_reactions jsonb[], p_limit int)
returns table (ord int, outcome smallint, used int)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_minute bigint := floor(extract(epoch from clock_timestamp()) / 60);
  v_users uuid[];
  v_counts int[];
  v_at int;
  v_one record;
  v_outcome smallint;
  v_chat uuid;
  v_workspace uuid;
  v_seq bigint;
  v_message uuid;
  v_version bigint;
  v_parts jsonb;
  v_kinds jsonb;
  v_changed jsonb;
  v_heads uuid[] := '{}';
  v_seqs bigint[] := '{}';
  v_workspaces uuid[] := '{}';
  v_chats uuid[] := '{}';
  v_chat_seqs bigint[] := '{}';
  v_subjects uuid[] := '{}';
  v_facts jsonb[] := '{}';
begin
  if p_limit > 0 then
    with counted as (
      insert into reaction_counters as c (user_id, minute, changed)
      select distinct (r ->> 'user_id')::uuid, v_minute, 0 from unnest(p_reactions) r order by 1
      on conflict (user_id) do update set
        -- The row may already count the next minute: this batch read the clock and then waited.
        minute = case when c.minute = excluded.minute + 1 then c.minute else excluded.minute end,
        changed = case when c.minute - excluded.minute in (0, 1) then c.changed else 0 end
      returning c.user_id, c.changed)
    select array_agg(c.user_id), array_agg(c.changed) into v_users, v_counts from counted c;
  end if;

  for v_one in
    select i.*, h.workspace_id, h.last_seq,
      case
        when h.chat_id is null then 2
        when not coalesce(i.chat_id = any (p_held), false) then 4
        when w.user_id is not null and m.user_id is not null then case when h.posting = 'Nobody' then 10 else 0 end
        when w.role >= 'Member' and h.chat_type = 'PublicChannel'
          and exists (select 1 from chats c where c.id = i.chat_id and c.deleted_at is null) then 5
        else 2
      end as judged
    from (
      select t.*, e.ord from unnest(p_reactions) with ordinality e (value, ord),
        jsonb_to_record(e.value) as t (chat_id uuid, user_id uuid, message_id uuid, emoji text, is_added boolean)) i
    left join lateral (select h.* from chat_heads h where h.chat_id = i.chat_id limit 1) h on true
    left join lateral (
      select w.user_id, w.role from live_workspace_members w
      where w.workspace_id = h.workspace_id and w.user_id = i.user_id limit 1) w on true
    left join lateral (
      select m.user_id from live_chat_members m
      where m.chat_id = i.chat_id and m.user_id = i.user_id limit 1) m on true
    order by i.chat_id, i.message_id, i.ord
  loop
    if v_one.message_id is distinct from v_message or v_one.chat_id is distinct from v_chat then
      if v_version is not null then perform write_reactions(v_message, v_parts, v_kinds, v_version); end if;
      v_message := v_one.message_id;
      v_version := null;
      v_kinds := null;
      if v_one.judged = 0 then
        select m.parts, coalesce(m.parts -> 'reactions', '[]') into v_parts, v_kinds
        from messages m where m.id = v_message and m.chat_id = v_one.chat_id and m.deleted_at is null;
      end if;
    end if;
    if v_one.chat_id is distinct from v_chat then
      v_chat := v_one.chat_id;
      v_workspace := v_one.workspace_id;
      v_seq := v_one.last_seq;
    end if;
    v_at := array_position(v_users, v_one.user_id);
    v_outcome := v_one.judged;
    if v_outcome = 0 then
      if p_limit > 0 and v_counts[v_at] >= p_limit then
        v_outcome := 7;
      elsif v_kinds is null then
        v_outcome := 8;
      elsif v_one.is_added and v_one.emoji like ':%' and not exists (
        select from emoji e where e.workspace_id = v_workspace and e.name = btrim(v_one.emoji, ':')) then
        v_outcome := 11;
      else
        v_changed := changed_reactions(v_kinds, v_message, v_one.user_id, v_one.emoji, v_one.is_added, v_seq + 1);
        v_outcome := case when v_changed is null then 1 when v_changed = 'false' then 9 else 0 end;
      end if;
    end if;
    if v_outcome = 0 then
      v_seq := v_seq + 1;
      v_kinds := v_changed;
      v_version := v_seq;
      if v_heads[cardinality(v_heads)] is not distinct from v_chat then
        v_seqs[cardinality(v_seqs)] := v_seq;
      else
        v_heads := v_heads || v_chat;
        v_seqs := v_seqs || v_seq;
      end if;
      v_workspaces := v_workspaces || v_workspace;
      v_chats := v_chats || v_chat;
      v_chat_seqs := v_chat_seqs || v_seq;
      v_subjects := v_subjects || v_message;
      v_facts := v_facts || jsonb_build_object('userId', v_one.user_id, 'emoji', v_one.emoji, 'isAdded', v_one.is_added);
      if p_limit > 0 then v_counts[v_at] := v_counts[v_at] + 1; end if;
    end if;
    ord := v_one.ord;
    outcome := v_outcome;
    used := v_counts[v_at];
    return next;
  end loop;
  if v_version is not null then perform write_reactions(v_message, v_parts, v_kinds, v_version); end if;

  if cardinality(v_heads) = 0 then return; end if;
  update chat_heads h set last_seq = n.seq from unnest(v_heads, v_seqs) n (chat_id, seq) where h.chat_id = n.chat_id;
  insert into event_log (workspace_id, chat_id, chat_seq, code, subject_id, facts)
  select r.workspace_id, r.chat_id, r.chat_seq, 4, r.subject_id, r.facts
  from unnest(v_workspaces, v_chats, v_chat_seqs, v_subjects, v_facts)
    with ordinality r (workspace_id, chat_id, chat_seq, subject_id, facts, ord)
  order by r.ord;
  if p_limit > 0 then
    update reaction_counters c set changed = n.changed from unnest(v_users, v_counts) n (user_id, changed) where c.user_id = n.user_id;
  end if;
end $$;
