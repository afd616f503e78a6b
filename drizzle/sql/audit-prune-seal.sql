-- Deletes the lines of the oldest seal if all of them are older than the retention, which the operator sets (audit_settings).
-- The seal stays, without its list. Returns how many lines it deleted, or null if no seal is old enough.
create or replace function audit_prune_seal() returns int language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare v_days int; v_seal audit_seals; v_gone int;
begin
  select retention_days into v_days from audit_settings;
  select * into v_seal from audit_seals
  where pruned_at is null and newest_at < clock_timestamp() - make_interval(days => v_days)
  order by newest_at limit 1 for update skip locked;
  if not found then return null; end if;
  delete from audit_log a using unnest(v_seal.scope_ids, v_seal.ids) o (scope_id, id)
  where a.scope_id = o.scope_id and a.id = o.id;
  get diagnostics v_gone = row_count;
  update audit_seals set pruned_at = clock_timestamp(), pruned_after_days = v_days, pruned_lines = v_gone,
    scope_ids = null, ids = null, digests = null where n = v_seal.n;
  return v_gone;
end $$;
