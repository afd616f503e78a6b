-- Forgets the ticks of the log but for the newest p_kept, a thousand at least: the newest one alone is needed, the others
-- are for who looks into what happened.
create or replace function log_forget_ticks(p_kept int) returns void language sql volatile security definer set search_path = public, pg_temp as $$
  delete from log_tick where tick_id < (select max(tick_id) from log_tick) - greatest(coalesce(p_kept, 0), 1000) $$;
