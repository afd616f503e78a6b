-- How an instance reports its people and its streams, and that it is running. Each statement carries everything that has
-- changed since the previous one. Rows that several instances write are written in a fixed order.

-- Renews the lease and writes who connected (with the session), who has disconnected, and which streams opened and closed.
-- Returns the people whose presence this changed: those who connected and were at no other instance, and those who
-- disconnected and are at no other one. Coming online counts as activity.
create or replace function presence_write(p_instance uuid, p_lease_ms int, p_came uuid[], p_came_by uuid[], p_went uuid[],
  p_opened uuid[], p_opened_by uuid[], p_closed uuid[])
returns table (user_id uuid)
language plpgsql volatile as $$
#variable_conflict use_column
begin
  perform presence_renew(p_instance, p_lease_ms);
  delete from presence_streams s where s.id = any (p_closed) and s.instance_id = p_instance;
  insert into presence_streams (id, instance_id, session_id)
  select o.id, p_instance, o.session_id from unnest(p_opened, p_opened_by) o (id, session_id)
  on conflict do nothing;
  return query
  with came as materialized (select c.* from unnest(p_came, p_came_by) c (user_id, session_id) order by 1),
  fresh as materialized (
    select c.* from came c where not exists (
      select from presence_people p join presence_instances i on i.id = p.instance_id
      where p.user_id = c.user_id and i.leased_until > clock_timestamp())),
  active as (
    insert into presence_activity as a (user_id, session_id, active_at)
    select f.user_id, f.session_id, clock_timestamp() from fresh f order by 1, 2
    on conflict (user_id, session_id) do update set active_at = excluded.active_at),
  put as (
    insert into presence_people (user_id, instance_id) select c.user_id, p_instance from came c on conflict do nothing)
  select f.user_id from fresh f;
  return query
  with gone as (
    delete from presence_people p where p.user_id = any (p_went) and p.instance_id = p_instance returning p.user_id)
  select g.user_id from gone g where not exists (
    select from presence_people p join presence_instances i on i.id = p.instance_id
    where p.user_id = g.user_id and p.instance_id <> p_instance and i.leased_until > clock_timestamp());
end $$;

-- Renews the lease and makes the stored people of this instance equal to its own list: after a crash of the database, or a
-- pause so long that others took the instance for dead, some are missing. Deletes dead instances and old activity. Returns
-- the streams that are missing, for presence_restore().
create or replace function presence_repair(p_instance uuid, p_lease_ms int, p_people uuid[], p_streams uuid[])
returns table (stream_id uuid)
language plpgsql volatile as $$
begin
  perform presence_renew(p_instance, p_lease_ms);
  delete from presence_people p where p.instance_id = p_instance
    and not exists (select from unnest(p_people) x (id) where x.id = p.user_id);
  insert into presence_people (user_id, instance_id) select x.id, p_instance from unnest(p_people) x (id) on conflict do nothing;
  delete from presence_streams s where s.instance_id = p_instance
    and not exists (select from unnest(p_streams) x (id) where x.id = s.id);
  delete from presence_instances i where i.id in (
    select d.id from presence_instances d where d.leased_until < clock_timestamp() - interval '1 minute' for update skip locked);
  delete from presence_people p where not exists (select from presence_instances i where i.id = p.instance_id);
  delete from presence_streams s where not exists (select from presence_instances i where i.id = s.instance_id);
  delete from presence_activity a where (a.user_id, a.session_id) in (
    select d.user_id, d.session_id from presence_activity d
    where d.active_at < clock_timestamp() - interval '10 minutes' for update skip locked);
  return query select x.id from unnest(p_streams) x (id) where not exists (select from presence_streams s where s.id = x.id);
end $$;

-- Writes streams of this instance: [{"id", "session_id", "user_ids"}].
create or replace function presence_restore(p_instance uuid, p_streams jsonb)
returns void
language sql volatile as $$
  insert into presence_streams (id, instance_id, session_id, user_ids)
  select s.id, p_instance, s.session_id, s.user_ids
  from jsonb_to_recordset(p_streams) s (id uuid, session_id uuid, user_ids uuid[])
  on conflict do nothing
$$;

-- Renews the lease of an instance: until it ends, its rows count.
create or replace function presence_renew(p_instance uuid, p_lease_ms int)
returns void
language sql volatile as $$
  insert into presence_instances as i (id, leased_until)
  values (p_instance, clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0))
  on conflict (id) do update set leased_until = excluded.leased_until
$$;
