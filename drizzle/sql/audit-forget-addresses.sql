-- Removes the addresses from audit lines of a person whose account is erased, at most p_limit rows per call. Returns how many
-- rows it changed.
create or replace function audit_forget_addresses(p_user uuid, p_limit int) returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare v_changed int;
begin
  if not exists (select from users where id = p_user and erased_at is not null) then return 0; end if;
  update audit_log a set address = null from (
    select scope_id, id from audit_log where coalesce(actor_id, user_id) = p_user and address is not null
    limit p_limit for update skip locked) o
  where a.scope_id = o.scope_id and a.id = o.id;
  get diagnostics v_changed = row_count;
  return v_changed;
end $$;
