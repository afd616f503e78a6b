-- Removes messages from the index in the transaction that wipes their content. It waits for the consumer that writes the index,
-- and the consumer waits for it, so whoever reads the content afterwards finds none.
create or replace function search_forget(p_ids uuid[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from consumers where name = 'search-index' for no key update;
  delete from message_search where message_id = any (p_ids);
end $$;
