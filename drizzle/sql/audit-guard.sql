-- The audit log is append-only, for the owner of the tables too: lines younger than the retention cannot be deleted, and the
-- only change to a line is the removal of its address. Services cannot update or delete at all: the worker calls
-- audit_prune_seal(), the worker and the server call audit_forget_addresses(), and these do nothing else.
create or replace function audit_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.address is null
    and (new.scope_id, new.id, new.action, new.details, new.created_at) = (old.scope_id, old.id, old.action, old.details, old.created_at)
    and (new.actor_id, new.user_id, new.request_id) is not distinct from (old.actor_id, old.user_id, old.request_id) then
    return new;
  end if;
  if tg_op = 'DELETE'
    and old.created_at < clock_timestamp() - make_interval(days => (select retention_days from audit_settings)) then
    return old;
  end if;
  raise exception 'the audit log is append-only' using errcode = '42501';
end $$;
