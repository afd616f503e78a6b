-- Begins a generation of the index of messages, in the place of one that was being built: p_making says what its tokens are
-- made with. What is there now will be walked through, up to walk_end; what comes later is heard of from the log. The
-- caller's transaction holds the consumer's row. Returns its number.
create or replace function search_begin(p_making jsonb) returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare v_gen int; v_end uuid;
begin
  update search_generations set state = 'Retired' where state = 'Building';
  select id into v_end from messages order by id desc limit 1;
  v_end := coalesce(v_end, '00000000-0000-0000-0000-000000000000');
  insert into search_generations (making, walk_end) values (p_making, v_end) returning gen into v_gen;
  perform search_add_part(v_gen, '00000000-0000-0000-0000-000000000000');
  -- What is heard of from the log has a part of its own: those of the walk are cut behind what was walked.
  if v_end > '00000000-0000-0000-0000-000000000000' then perform search_add_part(v_gen, v_end); end if;
  return v_gen;
end $$;
