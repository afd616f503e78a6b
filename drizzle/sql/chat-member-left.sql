-- When a person's membership of a chat ends, they no longer follow any of its threads. Clients drop the chat and everything in
-- it, so nothing is announced for each thread.
create or replace function chat_member_left() returns trigger language plpgsql as $$
begin
  delete from thread_follows f where f.user_id = new.user_id and f.chat_id = new.chat_id;
  return new;
end $$;
