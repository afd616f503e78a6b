-- A message without a body (deleted, purged or wiped) has no parts. As a trigger, this applies whatever removes the body. The
-- flag that the message has a thread stays: it is listed while there are replies.
create or replace function message_parts_end() returns trigger language plpgsql as $$
begin
  delete from reactions where message_id = new.id;
  delete from mentions where message_id = new.id;
  new.parts := case when new.parts ? 'thread' then '{"thread": true}'::jsonb end;
  return new;
end $$;
