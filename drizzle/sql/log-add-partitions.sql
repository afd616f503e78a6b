-- Creates the partitions for the next three million rows, and for the positions that all rows without a number will need: one
-- step numbers its whole backlog. Any process can call it at any time: attaching a finished table does not block writers.
-- Returns how many partitions it created.
create or replace function log_add_partitions() returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare v_parent text; v_last_id bigint; v_from bigint := 0; v_to bigint := 0; v_part text; v_made int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('fechatter.log_partitions'));
  v_last_id := coalesce(pg_sequence_last_value(pg_get_serial_sequence('event_log', 'id')::regclass), 0);
  foreach v_parent in array array['event_log', 'log_order'] loop
    if v_parent = 'event_log' then
      v_from := v_last_id;
      v_to := v_last_id;
    else
      select pos, pos + greatest(v_last_id - event_id, 0) into v_from, v_to from log_order order by pos desc limit 1;
    end if;
    for n in coalesce(v_from, 0) / 1000000 .. coalesce(v_to, 0) / 1000000 + 3 loop
      v_part := format('%s_p%s', v_parent, n);
      continue when to_regclass(v_part) is not null;
      execute format('create table %I (like %I including all excluding identity)', v_part, v_parent);
      execute format('alter table %I attach partition %I for values from (%s) to (%s)', v_parent, v_part, n * 1000000, (n + 1) * 1000000);
      v_made := v_made + 1;
    end loop;
  end loop;
  return v_made;
end $$;
