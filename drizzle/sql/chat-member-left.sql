-- Whom a membership of a chat ends for follows none of its threads any more. Clients drop the chat with all that is in it,
-- so nothing is told of each.
create or replace function chat_member_left() returns trigger language plpgsql as $$
begin
  delete from thread_follows f where f.user_id = new.user_id and f.chat_id = new.chat_id;
  return new;
end $$;
