-- Drops a partition when the first row of the next one is older than the retention: every token younger than that still finds
-- its anchor. If the log is busy, it gives up and the next call tries again. (It cannot use DETACH CONCURRENTLY, which does not
-- run in a function, so no role of least rights could call it.) Returns how many partitions it dropped.
create or replace function log_prune(p_retention interval) returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare v_parent text; v_part record; v_first_at timestamptz; v_found boolean; v_dropped int := 0;
begin
  if p_retention is null or p_retention < interval '1 hour' then
    raise exception 'the log keeps at least an hour' using errcode = '22023';
  end if;
  if not pg_try_advisory_xact_lock(hashtext('fechatter.log_partitions')) then return 0; end if;
  perform set_config('lock_timeout', '200', true);
  foreach v_parent in array array['log_order', 'event_log'] loop
    for v_part in
      select c.relname, substring(c.relname from '_p(\d+)$')::bigint as n
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = v_parent::regclass order by 2
    loop
      if v_parent = 'event_log' then
        select true, e.created_at into v_found, v_first_at from event_log e
        where e.id >= (v_part.n + 1) * 1000000 order by e.id limit 1;
      else
        select true, coalesce(e.created_at, '-infinity') into v_found, v_first_at
        from (select event_id from log_order where pos >= (v_part.n + 1) * 1000000 order by pos limit 1) o
        left join event_log e on e.id = o.event_id;
      end if;
      exit when v_found is not true or v_first_at > clock_timestamp() - p_retention;
      begin
        execute format('drop table %I', v_part.relname);
      exception when lock_not_available then return v_dropped;
      end;
      v_dropped := v_dropped + 1;
    end loop;
  end loop;
  return v_dropped;
end $$;
