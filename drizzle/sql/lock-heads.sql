-- Locks the heads of chats in ascending order, and does nothing else. Returns the ids of those that it now holds. Callers check
-- permissions in a later statement, whose snapshot is newer than the locks.
--
-- p_mode: 'brief' waits 25 ms for a lock (then 55P03: call again with 'skip'), 'skip' passes over chats that are held, 'wait'
-- takes one chat and waits 2 s for its lock. Plan settings are those of the calling function.
create or replace function lock_heads(p_chat uuid[], p_mode text) returns uuid[] language plpgsql volatile as $$
declare v_held uuid[];
begin
  if p_mode = 'wait' then
    if (select count(distinct c) from unnest(p_chat) c) <> 1 then raise exception 'the slow lane takes one chat'; end if;
    perform set_config('lock_timeout', '2000', true);
    select array_agg(h.chat_id) into v_held from (select chat_id from chat_heads where chat_id = p_chat[1] for no key update) h;
  elsif p_mode = 'brief' then
    perform set_config('lock_timeout', '25', true);
    select array_agg(h.chat_id) into v_held from (select chat_id from chat_heads where chat_id = any (p_chat) order by chat_id for no key update) h;
  elsif p_mode = 'skip' then
    select array_agg(h.chat_id) into v_held from (select chat_id from chat_heads where chat_id = any (p_chat) order by chat_id for no key update skip locked) h;
  else
    raise exception 'no such mode: %', p_mode;
  end if;
  return v_held;
end $$;
