-- A message without a body (deleted, purged or wiped) is saved by no one. As a trigger, this applies whatever removes the body.
create or replace function saved_message_ends() returns trigger language plpgsql as $$
begin
  delete from saved_messages where message_id = new.id;
  return new;
end $$;
