-- Creates a part of a generation, with its partition, for messages after this id, without an index of tokens:
-- search_index_part() makes it, at the latest before the generation is used. Attaching a finished table does not block
-- readers or writers. Returns the number of the part.
create or replace function search_add_unindexed_part(p_gen int, p_from uuid) returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare v_part int; v_name text;
begin
  perform pg_advisory_xact_lock(hashtext('fechatter.log_partitions'));
  insert into search_parts (gen, from_id) values (p_gen, p_from) returning part into v_part;
  v_name := format('message_search_p%s', v_part);
  execute format('create table %I (like message_search including all)', v_name);
  execute format('alter table message_search attach partition %I for values in (%s)', v_name, v_part);
  return v_part;
end $$;
