-- The presence of people. Online: an instance whose lease is valid has a stream of theirs, and they were active on some device
-- within 5 minutes; idle: the same without recent activity; otherwise offline. Expired custom statuses are left out. All by the
-- database's clock.
create or replace function presence_now(p_users uuid[])
returns table (user_id uuid, presence text, emoji text, status_text text, status_expires_at timestamptz)
language sql stable as $$
  select u.id,
    case
      when not presence_is_shown(u.id) or not exists (
        select from presence_people p join presence_instances i on i.id = p.instance_id
        where p.user_id = u.id and i.leased_until > now()) then 'offline'
      when exists (
        select from presence_activity a where a.user_id = u.id and a.active_at > now() - interval '5 minutes') then 'online'
      else 'idle'
    end,
    s.emoji, s.text, s.expires_at
  from unnest(p_users) u (id)
  left join custom_statuses s on s.user_id = u.id and (s.expires_at is null or s.expires_at > now())
$$;

-- Whether a person lets others see their presence: the only place that reads this preference.
create or replace function presence_is_shown(p_user uuid)
returns boolean
language sql stable as $$
  select coalesce((select p.show_presence from user_preferences p where p.user_id = p_user), true)
$$;
