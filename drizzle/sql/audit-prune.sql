-- Forgets what is older than the retention, the oldest first, at most p_limit rows. Returns how many went.
create or replace function audit_prune(p_days int, p_limit int) returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare v_gone int;
begin
  if p_days is null or p_days < 1 then
    raise exception 'the audit log keeps at least a day' using errcode = '22023';
  end if;
  delete from audit_log a using (
    select scope_id, id from audit_log where created_at < clock_timestamp() - make_interval(days => p_days)
    order by created_at limit p_limit for update skip locked) o
  where a.scope_id = o.scope_id and a.id = o.id;
  get diagnostics v_gone = row_count;
  return v_gone;
end $$;
