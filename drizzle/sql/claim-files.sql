-- Gives messages that send_held() has written in this transaction (p_ids; null for one that it has not written) the files
-- that their extras name (`file_ids`), in that order. The caller holds the heads of their chats and has checked the files
-- under them, so each is there and free.
create or replace function claim_files(p_ids uuid[], p_extras jsonb[]) returns void language sql volatile as $$
  update files f set message_id = c.message_id, place = c.place, expires_at = null
  from (
    select m.id as message_id, x.id::uuid as file_id, x.place
    from unnest(p_ids, p_extras) i (id, extras)
    cross join lateral (select m.id from messages m where m.id = i.id limit 1) m
    cross join lateral jsonb_array_elements_text(i.extras -> 'file_ids') with ordinality x (id, place)) c
  where f.id = c.file_id
$$;
