-- A message without a body (deleted, purged, wiped) keeps no parts: whatever takes the body away, nothing can forget it.
create or replace function message_parts_end() returns trigger language plpgsql as $$
begin
  delete from reactions where message_id = new.id;
  new.parts := null;
  return new;
end $$;
