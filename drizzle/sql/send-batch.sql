-- Changes chats in one transaction: locks their heads once, then sends messages and applies reactions, each accepted or refused
-- on its own. Arguments and results are those of send_held() and react_held(); p_mode is that of lock_heads(). Results of
-- reactions follow those of the messages in one numbering and have only an outcome and `used`.
--
-- Without a generic plan Postgres would plan every call: with the arrays in hand, a plan for one message looks cheaper than one
-- for ten, and planning takes longer than running. The look-ups are the same for any number of messages, so one plan is kept
-- per connection; a plan that was made while a table was small must not scan it.
create or replace function send_batch(p_chat uuid[], p_user uuid[], p_client uuid[], p_id uuid[], p_body bytea[], p_mac bytea[], p_extras jsonb[], p_mode text, p_limit int,
  p_reactions jsonb[] default null, p_reaction_limit int default 0)
returns table (ord int, outcome smallint, id uuid, seq bigint, number bigint, version bigint, created_at timestamptz, sender jsonb, used int)
language plpgsql volatile
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
declare v_held uuid[] := lock_heads(p_chat || array(select (r ->> 'chat_id')::uuid from unnest(p_reactions) r), p_mode);
begin
  if cardinality(p_chat) > 0 then
    return query select * from send_held(v_held, p_chat, p_user, p_client, p_id, p_body, p_mac, p_extras, p_limit);
  end if;
  if p_reactions is null then return; end if;
  return query select cardinality(p_chat) + r.ord, r.outcome, null::uuid, null::bigint, null::bigint, null::bigint,
    null::timestamptz, null::jsonb, r.used from react_held(v_held, p_reactions, p_reaction_limit) r;
end $$;
