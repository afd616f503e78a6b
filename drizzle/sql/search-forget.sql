-- Removes messages from the index in the transaction that wipes their content. It waits for the consumer that writes the index,
-- and the consumer waits for it, so a later read of the content finds none. Each part that has one of them is named:
-- a delete from the whole table would wait for every part, also for one whose index of tokens is being made.
create or replace function search_forget(p_ids uuid[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare v_part int;
begin
  perform 1 from consumers where name = 'search-index' for no key update;
  for v_part in select distinct s.part from message_search s where s.message_id = any (p_ids) order by 1 loop
    execute format('delete from %I where message_id = any ($1)', 'message_search_p' || v_part) using p_ids;
  end loop;
end $$;
