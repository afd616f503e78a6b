-- A message without a body (deleted, purged, wiped) is not pinned: whatever takes the body away, nothing can forget it.
create or replace function message_pin_ends() returns trigger language plpgsql as $$
begin
  delete from pins where message_id = new.id;
  return new;
end $$;
