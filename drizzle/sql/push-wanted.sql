-- Decides whether a person is to be notified of a chat now, and of what: the newest message with a seq of p_from to p_to that
-- they may read, have not read, and want to be notified of. No row: of nothing.
--
-- Wanted are, of the main timeline, all messages (level All: the default in Single and Group) or mentions (the default in
-- channels), and of threads what is in those that they follow. Never wanted is anything in a chat that is muted or has the
-- level Nothing, during the person's quiet hours, of themselves, or of people whom they block.
create or replace function push_wanted(p_user uuid, p_chat uuid, p_from bigint, p_to bigint)
returns table (message_id uuid, is_mention boolean) language sql stable as $$
  with place as materialized (
    select l.last_read_number, greatest(p_from, l.joined_seq) as from_seq, v.level
    from live_chat_members l
    join chats c on c.id = l.chat_id and c.deleted_at is null
    join workspaces w on w.id = c.workspace_id and w.deleted_at is null
    cross join lateral (select push_level(l.notify_level, c.chat_type) as level) v
    where l.chat_id = p_chat and l.user_id = p_user and v.level <> 'Nothing'
      and (l.muted_until is null or l.muted_until <= clock_timestamp())
      and not exists (
        select from user_preferences q
        where q.user_id = p_user and q.quiet_hours is not null and push_is_quiet(q.quiet_hours, clock_timestamp()))),
  found as (
    select m.id, m.seq, false as is_mention from place p cross join lateral (
      select m.id, m.seq from messages m
      where m.chat_id = p_chat and m.thread_id is null and m.seq between p.from_seq and p_to
        and m.number > p.last_read_number and push_is_from_others(m, p_user)
      order by m.seq desc limit 1) m
    where p.level = 'All'
    union all
    select m.id, m.seq, true from place p cross join lateral (
      select m.id, m.seq from mentions n join messages m on m.id = n.message_id
      where n.user_id = p_user and n.chat_id = p_chat and n.thread_id is null and n.number > p.last_read_number
        and m.seq between p.from_seq and p_to and push_is_from_others(m, p_user)
      order by n.number desc limit 1) m
    union all
    select m.id, m.seq, true from place p cross join lateral (
      select m.id, m.seq from mentions n join messages m on m.id = n.message_id
      where n.user_id is null and n.chat_id = p_chat and n.thread_id is null and n.number > p.last_read_number
        and m.seq between p.from_seq and p_to and push_is_from_others(m, p_user)
      order by n.number desc limit 1) m
    union all
    select m.id, m.seq, m.is_mention from place p
    join thread_follows f on f.user_id = p_user and f.chat_id = p_chat and f.is_following
    cross join lateral (
      select m.id, m.seq,
        exists (select from mentions n where n.message_id = m.id and (n.user_id = p_user or n.user_id is null)) as is_mention
      from messages m
      where m.thread_id = f.root_id and m.seq between p.from_seq and p_to
        and m.number > f.last_read_number and push_is_from_others(m, p_user)
      order by m.seq desc limit 1) m)
  select (array_agg(f.id order by f.seq desc))[1], bool_or(f.is_mention) from found f having count(*) > 0
$$;

-- The level at which messages of a chat notify a person.
create or replace function push_level(p_chosen notify_level, p_type chat_type) returns notify_level language sql immutable as $$
  select coalesce(p_chosen, case when p_type in ('Single', 'Group') then 'All'::notify_level else 'Mentions'::notify_level end)
$$;

-- Whether a message is still there, and its sender is neither this person nor blocked by them.
create or replace function push_is_from_others(p_message messages, p_user uuid) returns boolean language sql stable as $$
  select p_message.deleted_at is null and p_message.sender_id <> p_user
    and not exists (select from blocks b where b.user_id = p_user and b.blocked_id = p_message.sender_id)
$$;

-- Whether a time is in someone's quiet hours. They may end on the day after the one on which they begin; equal times are a whole
-- day. A time zone that this Postgres does not know has none.
create or replace function push_is_quiet(p_hours jsonb, p_at timestamptz) returns boolean language plpgsql stable as $$
declare
  v_local timestamp;
  v_from time := (p_hours ->> 'from')::time;
  v_to time := (p_hours ->> 'to')::time;
begin
  begin
    v_local := p_at at time zone (p_hours ->> 'timeZone');
  exception when invalid_parameter_value then
    return false;
  end;
  if v_from < v_to then
    return v_local::time >= v_from and v_local::time < v_to and p_hours -> 'days' @> to_jsonb(extract(isodow from v_local)::int);
  end if;
  return (v_local::time >= v_from and p_hours -> 'days' @> to_jsonb(extract(isodow from v_local)::int))
    or (v_local::time < v_to and p_hours -> 'days' @> to_jsonb(extract(isodow from v_local - interval '1 day')::int));
end $$;
