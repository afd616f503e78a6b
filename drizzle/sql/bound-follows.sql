-- Keeps a person to 1,000 followed threads per workspace, and to 1,000 threads that they have chosen not to follow: the thread
-- that has been without a reply for longest is dropped first, but never p_root. Each follow that ends this way is announced
-- (thread.read). Rows locked by another transaction are skipped: they may belong to chats whose heads this one does not hold.
create or replace function bound_follows(p_user uuid, p_workspace uuid, p_root uuid) returns void language plpgsql volatile as $$
declare
  v_max constant int := 1000;
  v_chat uuid;
  v_root uuid;
begin
  if (select count(*) from thread_follows f where f.user_id = p_user and f.workspace_id = p_workspace and f.is_following) > v_max then
    select f.chat_id, f.root_id into v_chat, v_root from thread_follows f
    left join lateral (select t.last_reply_at from threads t where t.root_id = f.root_id limit 1) t on true
    where f.user_id = p_user and f.workspace_id = p_workspace and f.is_following and f.root_id <> p_root
    order by t.last_reply_at nulls first, f.root_id limit 1 for update of f skip locked;
    if found then
      update thread_follows f set is_following = false, mark_version = f.mark_version + 1
      where f.user_id = p_user and f.chat_id = v_chat and f.root_id = v_root;
      insert into event_log (user_id, chat_id, code, subject_id) values (p_user, v_chat, 17, v_root);
    end if;
  end if;
  delete from thread_follows f using (
    select f.chat_id, f.root_id from thread_follows f
    left join lateral (select t.last_reply_at from threads t where t.root_id = f.root_id limit 1) t on true
    where f.user_id = p_user and f.workspace_id = p_workspace and not f.is_following and f.root_id <> p_root
    order by t.last_reply_at desc nulls last, f.root_id desc offset v_max) over
  where f.user_id = p_user and f.chat_id = over.chat_id and f.root_id = over.root_id and not f.is_following;
end $$;
