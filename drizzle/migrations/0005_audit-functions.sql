-- The audit log is append-only, for the tables' owner too: what is younger than a day stays, and nothing of a row is ever
-- changed but that its address goes. Services have no right to update or delete at all (see service-roles.ts): they call
-- the two functions below, which do no more than their names say.

create function audit_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.address is null
    and (new.scope_id, new.id, new.action, new.details, new.created_at) = (old.scope_id, old.id, old.action, old.details, old.created_at)
    and (new.actor_id, new.user_id, new.request_id) is not distinct from (old.actor_id, old.user_id, old.request_id) then
    return new;
  end if;
  if tg_op = 'DELETE' and old.created_at < clock_timestamp() - interval '1 day' then return old; end if;
  raise exception 'the audit log is append-only' using errcode = '42501';
end $$;
create trigger audit_guard before update or delete on audit_log for each row execute function audit_guard();
create trigger audit_guard_truncate before truncate on audit_log for each statement execute function audit_guard();

-- Forgets what is older than the retention, the oldest first, at most p_limit rows. Returns how many went.
create function audit_prune(p_days int, p_limit int) returns int language plpgsql security definer set search_path = public, pg_temp as $$
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

-- Forgets from where someone acted whose account is erased, at most p_limit rows. Returns how many were changed.
create function audit_forget_addresses(p_user uuid, p_limit int) returns int language plpgsql security definer set search_path = public, pg_temp as $$
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
