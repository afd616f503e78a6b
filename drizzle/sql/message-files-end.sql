-- The files of a message without a body (deleted, purged or wiped) are gone: without their keys nothing of them can be read.
-- As a trigger, this applies whatever removes the body. A job deletes what the store has, and then the rows.
create or replace function message_files_end() returns trigger language plpgsql as $$
begin
  update files set state = 'Gone', wrapped_key = null, sealed_name = null where message_id = new.id and state <> 'Gone';
  return new;
end $$;
