-- A reply that is deleted, purged or wiped is no longer counted by its thread: whatever takes it away, nothing can forget it.
create or replace function message_reply_end() returns trigger language plpgsql as $$
begin
  update threads t set reply_count = t.reply_count - 1, version = greatest(t.version, new.version) where t.root_id = new.thread_id;
  return new;
end $$;
