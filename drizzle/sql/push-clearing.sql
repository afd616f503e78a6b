-- Writes for which devices a notification is to be removed, because people have read a chat (each p_users one p_chats). Whether what
-- the device shows was read is decided when it is sent (push_is_unread()). A row that a worker holds at this moment may have been
-- decided too early, so it is taken from that worker and is due again.
create or replace function push_enqueue_clearing(p_users uuid[], p_chats uuid[]) returns void language sql volatile as $$
  insert into push_pending as p (subscription_id, chat_id, is_clearing, host)
  select s.id, h.chat_id, true, s.host
  from (select distinct r.user_id, r.chat_id from unnest(p_users, p_chats) r (user_id, chat_id)) r
  join push_subscriptions s on s.user_id = r.user_id
  join push_shown h on h.subscription_id = s.id and h.chat_id = r.chat_id
  join push_kinds y on y.kind = s.kind
  order by 1, 2
  on conflict (subscription_id, chat_id, is_clearing) do update set lease = null, due_at = clock_timestamp()
  where p.lease is not null
$$;

-- Whether a message is there for this person, and above their read mark.
create or replace function push_is_unread(p_user uuid, p_message uuid) returns boolean language sql stable as $$
  select exists (
    select from messages m
    join live_chat_members l on l.chat_id = m.chat_id and l.user_id = p_user
    left join thread_follows f on f.user_id = p_user and f.chat_id = m.chat_id and f.root_id = m.thread_id
    where m.id = p_message and m.deleted_at is null
      and m.number > case when m.thread_id is null then l.last_read_number else coalesce(f.last_read_number, 0) end)
$$;
