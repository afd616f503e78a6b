-- Notes which audit lines still need a seal, in the transaction that writes them.
create or replace function audit_unsealed() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into audit_unsealed (scope_id, id, created_at) select scope_id, id, created_at from written;
  return null;
end $$;
