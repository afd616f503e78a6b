-- Numbers the rows that this snapshot sees and the last tick's snapshot did not. Why this is right: a tick can only follow a
-- tick that its statement saw, so visible sets only grow and every committed row falls into exactly one difference; within a
-- difference, ids were assigned under the head's lock. Never limit a batch by xid or LIMIT. Call log_step(), which checks the
-- preconditions.
--
-- The bounds of a step's transactions are passed as plain values, not joined as columns. As columns, the lower bound would be
-- only a filter in a partition that VACUUM or ANALYZE had found empty: each step would then scan everything written since,
-- until the statistics change.
create or replace function log_sequence() returns bigint language sql volatile as $$
  with last as materialized (select tick_id, snap, last_pos from log_tick order by tick_id desc limit 1),
  probe as materialized (
    select 1 from last
    where (select e.xid from event_log e order by e.xid desc limit 1) >= pg_snapshot_xmax(last.snap)
       or exists (select 1 from unnest(array(select pg_snapshot_xip(last.snap))) x
                  cross join lateral (select 1 from event_log e where e.xid = x order by e.xid limit 1) z)),
  fresh as materialized (
    select id, workspace_id, workspace_seq, chat_id, chat_seq, user_id from event_log
    where exists (select 1 from probe)
      and xid >= (select pg_snapshot_xmax(snap) from last) and xid < pg_snapshot_xmax(pg_current_snapshot())
    union all
    select id, workspace_id, workspace_seq, chat_id, chat_seq, user_id from event_log
    where exists (select 1 from probe) and xid = any (array(select pg_snapshot_xip(snap) from last))),
  tick as (
    insert into log_tick (tick_id, snap, last_pos, nonce)
    select last.tick_id + 1, pg_current_snapshot(), last.last_pos + (select count(*) from fresh), (random() * 2147483647)::int
    from last where exists (select 1 from fresh)
    on conflict (tick_id) do nothing returning last_pos, nonce),
  ordered as (
    insert into log_order (pos, event_id, workspace_id, workspace_seq, chat_id, chat_seq, user_id, nonce)
    select last.last_pos + row_number() over (order by f.id), f.id, f.workspace_id, f.workspace_seq, f.chat_id, f.chat_seq, f.user_id, tick.nonce
    from fresh f, last, tick)
  select last_pos from tick $$;
