-- Counts a ticket that a session takes, at most p_max per minute over all instances, by the database's clock. One statement, in
-- the same form and table as the server's limits. It cannot touch any other limit, whatever its arguments.
create or replace function count_stream_ticket(p_session uuid, p_max int) returns table (points int, reset_ms float8)
language sql volatile security definer set search_path = public, pg_temp as $$
  insert into rate_limits as r (key, points, expire)
  select 'ticket:' || p_session, 1, n.ms + 60000 from (select (extract(epoch from clock_timestamp()) * 1000)::bigint as ms) n
  on conflict (key) do update set
    points = case when r.expire <= excluded.expire - 60000 then 1 else least(r.points, p_max) + 1 end,
    expire = case when r.expire <= excluded.expire - 60000 then excluded.expire else r.expire end
  returning r.points, greatest(1, r.expire - (extract(epoch from clock_timestamp()) * 1000)::bigint)::float8 $$;
