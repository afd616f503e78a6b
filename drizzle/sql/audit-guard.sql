-- The audit log is append-only, for the tables' owner too: what is younger than the retention stays, and nothing of a row is
-- ever changed but that its address goes. Services have no right to update or delete at all: the worker calls
-- audit_prune_seal(), it and the server audit_forget_addresses(), which do no more than their names say.
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
