-- Begins a generation of the message index and replaces one that is still being built; p_making is what its tokens are made
-- with. The walk indexes the messages that exist now, up to walk_end; later ones come from the log. The caller's transaction
-- holds the consumer's row. Returns the number of the generation.
create or replace function search_begin(p_making jsonb) returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare v_gen int; v_end uuid;
begin
  update search_generations set state = 'Retired' where state = 'Building';
  select id into v_end from messages order by id desc limit 1;
  v_end := coalesce(v_end, '00000000-0000-0000-0000-000000000000');
  insert into search_generations (making, walk_end) values (p_making, v_end) returning gen into v_gen;
  -- Messages from the log have a part of their own, because the parts of the walk are cut behind the last one that it wrote.
  if v_end > '00000000-0000-0000-0000-000000000000' then
    perform search_add_unindexed_part(v_gen, '00000000-0000-0000-0000-000000000000');
  end if;
  perform search_add_part(v_gen, v_end);
  return v_gen;
end $$;
