-- A message without a body (deleted, purged, wiped) is saved by nobody: whatever takes the body away, nothing can forget it.
create or replace function saved_message_ends() returns trigger language plpgsql as $$
begin
  delete from saved_messages where message_id = new.id;
  return new;
end $$;
