-- Claims pushes that are due, for this long: at most p_per_host of each push service, and p_free of those in p_hosts, so that a
-- slow one delays no other. Of all that have not proven to be quick (p_is_proven; not in p_hosts) it claims p_unproven together.
-- The claim moves due_at: if the worker dies, the row is due again then.
create or replace function push_claim(
  p_lease uuid, p_lease_seconds int, p_max int, p_unproven int, p_per_host int, p_hosts text[], p_free int[], p_is_proven boolean[]
) returns setof push_pending language sql volatile as $$
  with recursive hosts (host) as (
    (select p.host from push_pending p order by p.host limit 1)
    union all
    select (select p.host from push_pending p where p.host > h.host order by p.host limit 1) from hosts h where h.host is not null),
  found as materialized (
    select d.id, d.due_at, coalesce(b.is_proven, false) as is_proven
    from (select h.host from hosts h where h.host is not null) h
    left join unnest(p_hosts, p_free, p_is_proven) b (host, free, is_proven) on b.host = h.host
    cross join lateral (
      select p.id, p.due_at from push_pending p
      where p.host = h.host and p.due_at <= clock_timestamp()
      order by p.due_at limit coalesce(b.free, p_per_host) for update skip locked) d),
  due as (
    select f.id from (
      (select id, due_at from found where is_proven)
      union all
      (select id, due_at from found where not is_proven order by due_at limit p_unproven)) f
    order by f.due_at limit p_max)
  update push_pending p
  set lease = p_lease, attempts = p.attempts + 1, due_at = clock_timestamp() + make_interval(secs => p_lease_seconds)
  from due where p.id = due.id returning p.*
$$;
