-- Postgres makes a new plan for each call of send_messages(), because with the arrays in hand a plan for one message
-- looks cheaper than one for ten. Planning it takes longer than running it. Its look-ups are the same for any number
-- of messages, so the plan is kept for as long as the connection; a plan made while a table was small must not scan it.
alter function send_messages(uuid[], uuid[], uuid[], uuid[], bytea[], bytea[], text, int)
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set jit = off;
