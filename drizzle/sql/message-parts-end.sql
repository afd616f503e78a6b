-- A message without a body (deleted, purged, wiped) keeps no parts: whatever takes the body away, nothing can forget it.
-- That it has a thread stays: it is listed as long as there are replies.
create or replace function message_parts_end() returns trigger language plpgsql as $$
begin
  delete from reactions where message_id = new.id;
  delete from mentions where message_id = new.id;
  new.parts := case when new.parts ? 'thread' then '{"thread": true}'::jsonb end;
  return new;
end $$;
