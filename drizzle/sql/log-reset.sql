-- Begins the order anew at position 0, a row like any other: the token of a fresh system stays good after its first
-- event. After a restore into another cluster, when the old order means nothing. Ids go on, and position 0 says from
-- where. Steps and partitions are kept still and log_order is locked first, as its readers do: whoever is at work waits.
create or replace function log_reset() returns void language plpgsql as $$
declare
  v_nonce int := (random() * 2147483647)::int;
  v_last_id bigint;
begin
  perform pg_advisory_xact_lock(hashtext('fechatter.log_partitions'));
  perform pg_advisory_xact_lock(hashtext('fechatter.log_step'));
  lock table log_order, event_log, log_tick in access exclusive mode;
  truncate event_log, log_tick, log_order;
  perform log_add_partitions();
  v_last_id := coalesce(pg_sequence_last_value(pg_get_serial_sequence('event_log', 'id')::regclass), 0);
  insert into log_tick (tick_id, snap, last_pos, nonce) values (0, pg_current_snapshot(), 0, v_nonce);
  insert into log_order (pos, event_id, nonce) values (0, v_last_id, v_nonce);
end $$;
