-- Creates a part of a generation, as search_add_unindexed_part() does, with its index of tokens.
create or replace function search_add_part(p_gen int, p_from uuid) returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare v_part int;
begin
  v_part := search_add_unindexed_part(p_gen, p_from);
  perform search_index_part(v_part);
  return v_part;
end $$;
