-- Makes the index of tokens of a part. An index over rows that are there costs a small part of what adding each row to it
-- would. What writes to the part waits meanwhile: seconds for a full one. Without a pending list, which would stall a writer
-- for as long as it takes to merge it.
create or replace function search_index_part(p_part int) returns void language plpgsql security definer set search_path = public, pg_temp
set maintenance_work_mem = '256MB'
as $$
begin
  execute format('create index %I on %I using gin (tokens) with (fastupdate = off)',
    format('message_search_p%s_tokens', p_part), format('message_search_p%s', p_part));
  update search_parts set is_indexed = true where part = p_part;
end $$;
