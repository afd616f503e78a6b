-- A message without a body (deleted, purged or wiped) is not pinned. As a trigger, this applies whatever removes the body.
create or replace function message_pin_ends() returns trigger language plpgsql as $$
begin
  delete from pins where message_id = new.id;
  return new;
end $$;
