-- Writes whom a message mentions, among those whom its text names, in a transaction that holds the chat's head. Returns the
-- summary that everyone is shown, null if no one is mentioned.
--
-- p_named: {userIds, everyone}. Mentioned are members of the chat, the first 50, never the sender. `everyone` works for each member in
-- chats of up to 100 members, and for Admins and Owners in larger ones.
create or replace function write_mentions(p_message uuid, p_named jsonb) returns jsonb language plpgsql volatile as $$
declare
  v_of record;
  v_users uuid[];
  v_everyone boolean := coalesce((p_named ->> 'everyone')::boolean, false);
  v_mentions jsonb;
begin
  select m.chat_id, m.thread_id, m.number, m.sender_id, m.parts into v_of from messages m where m.id = p_message;
  if not found then return null; end if;
  v_users := array(
    select n.id::uuid from jsonb_array_elements_text(coalesce(p_named -> 'userIds', '[]')) with ordinality n (id, ord)
    cross join lateral (select from live_chat_members l where l.chat_id = v_of.chat_id and l.user_id = n.id::uuid limit 1) l
    where n.id::uuid <> v_of.sender_id order by n.ord limit 50);
  if v_everyone and (select count(*) from (select from live_chat_members l where l.chat_id = v_of.chat_id limit 101) c) > 100 then
    v_everyone := exists (
      select from chat_heads h
      left join lateral (
        select l.role from live_chat_members l where l.chat_id = h.chat_id and l.user_id = v_of.sender_id limit 1) l on true
      left join lateral (
        select w.role from live_workspace_members w where w.workspace_id = h.workspace_id and w.user_id = v_of.sender_id limit 1) w on true
      where h.chat_id = v_of.chat_id and (l.role >= 'Admin' or (h.chat_type = 'PublicChannel' and w.role >= 'Admin')));
  end if;
  if v_everyone or cardinality(v_users) > 0 then
    v_mentions := jsonb_build_object('userIds', v_users, 'everyone', v_everyone);
  end if;
  if v_mentions is not distinct from v_of.parts -> 'mentions' then return v_mentions; end if;

  delete from mentions d where d.message_id = p_message;
  insert into mentions (chat_id, thread_id, number, message_id, user_id, sender_id)
  select v_of.chat_id, v_of.thread_id, v_of.number, p_message, u.user_id, v_of.sender_id from (
    select unnest(v_users) as user_id union all select null where v_everyone) u;
  update messages set parts = case
    when v_mentions is null then nullif(v_of.parts - 'mentions', '{}')
    else coalesce(v_of.parts, '{}') || jsonb_build_object('mentions', v_mentions)
  end where id = p_message;
  if v_of.thread_id is not null then perform follow_where_mentioned(p_message); end if;
  return v_mentions;
end $$;

-- Makes the people whom a reply mentions follow its thread, unless they chose before whether to follow; everything before the
-- reply counts as read. Each new follow is announced to its person (thread.read).
create or replace function follow_where_mentioned(p_message uuid) returns void language plpgsql volatile as $$
declare v_begun record;
begin
  for v_begun in
    with written as (
      insert into thread_follows as f (user_id, chat_id, root_id, workspace_id, is_following, last_read_number, mark_version, mark_seq)
      select n.user_id, m.chat_id, m.thread_id, h.workspace_id, true, m.number - 1, m.version, m.version
      from (select m.* from messages m where m.id = p_message limit 1) m
      cross join lateral (select h.workspace_id from chat_heads h where h.chat_id = m.chat_id limit 1) h
      cross join lateral (select n.user_id from mentions n where n.message_id = m.id and n.user_id is not null limit 50) n
      order by 1
      on conflict do nothing
      returning f.user_id, f.chat_id, f.root_id, f.workspace_id)
    select w.* from written w order by w.user_id
  loop
    insert into event_log (user_id, chat_id, code, subject_id) values (v_begun.user_id, v_begun.chat_id, 17, v_begun.root_id);
    perform bound_follows(v_begun.user_id, v_begun.workspace_id, v_begun.root_id);
  end loop;
end $$;
