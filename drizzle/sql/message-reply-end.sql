-- A thread does not count a reply that was deleted, purged or wiped. As a trigger, this holds whatever removes the reply.
create or replace function message_reply_end() returns trigger language plpgsql as $$
begin
  update threads t set reply_count = t.reply_count - 1, version = greatest(t.version, new.version) where t.root_id = new.thread_id;
  return new;
end $$;
