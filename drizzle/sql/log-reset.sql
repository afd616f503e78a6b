-- Starts the order again at position 0, which is an ordinary row: a token from a fresh system stays valid after its first event.
-- For use after a restore into another cluster, where the old order means nothing. Ids continue, and position 0 records from
-- which id. It stops steps and partition changes and locks log_order first, as readers do, so all of these wait.
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
