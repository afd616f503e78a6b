-- When messages since a time mentioned a person by name that they have not read: those that a push would notify them of
-- (push_wanted()), but without their quiet hours. Of each timeline it looks at the newest 1,000 unread ones, by the index of mentions.
create or replace function unread_mention_times(p_user uuid, p_since timestamptz) returns setof timestamptz language sql stable as $$
  with place as materialized (
    select l.chat_id, l.last_read_number from live_chat_members l
    join chats c on c.id = l.chat_id and c.deleted_at is null
    join workspaces w on w.id = c.workspace_id and w.deleted_at is null
    where l.user_id = p_user and l.notify_level is distinct from 'Nothing'
      and (l.muted_until is null or l.muted_until <= clock_timestamp()))
  select m.created_at from (
    select n.message_id from place p cross join lateral (
      select n.message_id from mentions n
      where n.user_id = p_user and n.chat_id = p.chat_id and n.thread_id is null and n.number > p.last_read_number
      order by n.number desc limit 1000) n
    union all
    select n.message_id from place p
    join thread_follows f on f.user_id = p_user and f.chat_id = p.chat_id and f.is_following
    cross join lateral (
      select n.message_id from mentions n
      where n.user_id = p_user and n.chat_id = f.chat_id and n.thread_id = f.root_id and n.number > f.last_read_number
      order by n.number desc limit 1000) n) x
  join messages m on m.id = x.message_id and m.created_at >= p_since
  where push_is_from_others(m, p_user)
$$;

-- How many of them there are, 100 at most.
create or replace function unread_mentions(p_user uuid, p_since timestamptz) returns int language sql stable as $$
  select count(*)::int from (select from unread_mention_times(p_user, p_since) limit 100) x
$$;
