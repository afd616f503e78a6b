-- Deletes the ticks of the log except the newest p_kept, at least a thousand: only the newest is needed; the others help to
-- find out what happened.
create or replace function log_forget_ticks(p_kept int) returns void language sql volatile security definer set search_path = public, pg_temp as $$
  delete from log_tick where tick_id < (select max(tick_id) from log_tick) - greatest(coalesce(p_kept, 0), 1000) $$;
