-- Sends a batch of messages, each on its own terms: locks the chats' heads once, then judges and writes. The arguments and
-- the result are those of send_held(), p_mode is that of lock_heads().
--
-- Postgres would make a new plan for each call, because with the arrays in hand a plan for one message looks cheaper than
-- one for ten, and planning takes longer than running. The look-ups are the same for any number of messages, so the plan
-- is kept for as long as the connection; a plan made while a table was small must not scan it.
create or replace function send_batch(p_chat uuid[], p_user uuid[], p_client uuid[], p_id uuid[], p_body bytea[], p_mac bytea[], p_extras jsonb[], p_mode text, p_limit int)
returns table (ord int, outcome smallint, id uuid, seq bigint, number bigint, version bigint, created_at timestamptz, sender jsonb, used int)
language plpgsql volatile
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
declare v_held uuid[] := lock_heads(p_chat, p_mode);
begin
  return query select * from send_held(v_held, p_chat, p_user, p_client, p_id, p_body, p_mac, p_extras, p_limit);
end $$;
