-- Drops the partitions of generations that are no longer used. It does not wait for readers: the next call tries again. For a
-- minute after a new generation came into use nothing is dropped, because a search may still be using the old one. Returns
-- how many partitions it dropped.
create or replace function search_drop_retired() returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare v_part int; v_dropped int := 0;
begin
  if not pg_try_advisory_xact_lock(hashtext('fechatter.log_partitions')) then return 0; end if;
  if exists (select from search_generations where active_at > clock_timestamp() - interval '1 minute') then return 0; end if;
  perform set_config('lock_timeout', '200', true);
  for v_part in select p.part from search_parts p join search_generations g on g.gen = p.gen where g.state = 'Retired' order by 1 loop
    begin
      execute format('drop table if exists %I', format('message_search_p%s', v_part));
      delete from search_parts where part = v_part;
    exception when lock_not_available then return v_dropped;
    end;
    v_dropped := v_dropped + 1;
  end loop;
  delete from search_generations g where g.state = 'Retired' and not exists (select from search_parts p where p.gen = g.gen);
  return v_dropped;
end $$;
