-- Returns messages that may match a search: those with at least one token of each group, newest first, with ids between p_after
-- and p_before, part by part and at most p_limit. No new part is begun after p_budget_ms: then the last row is no candidate, but
-- the id down to which the search has looked.
--
-- p_ends has a row for each chunk of chats, and in it the index in p_tokens at which the slice of each group ends. The index is
-- scanned once for each chunk: a scan compares each of its tokens with each other one, and each message that it finds with all
-- of them.
--
-- The planner must use the token index. With hundreds of tokens it would prefer to read the whole table or all of the primary
-- key, so ids are compared by functions, which no index supports, and each partition is queried by its name. Starting parallel
-- workers costs more than they save.
create or replace function search_candidates(p_gen int, p_before uuid, p_after uuid, p_limit int, p_tokens int[], p_ends int[], p_budget_ms int)
returns table (message_id uuid, is_candidate boolean)
language plpgsql stable security definer set search_path = public, pg_temp
set enable_seqscan = off
set enable_indexscan = off
set enable_indexonlyscan = off
set jit = off
set max_parallel_workers_per_gather = 0
as $$
declare
  v_deadline timestamptz := clock_timestamp() + p_budget_ms * interval '1 ms';
  v_any text[]; v_all text[]; v_where text;
  v_left int := p_limit; v_found int; v_from int := 1; v_part record; v_back uuid;
begin
  for v_chunk in 1 .. array_length(p_ends, 1) loop
    v_all := '{}';
    for v_group in 1 .. array_length(p_ends, 2) loop
      v_all := v_all || format('s.tokens && ($3)[%s:%s]', v_from, p_ends[v_chunk][v_group]);
      v_from := p_ends[v_chunk][v_group] + 1;
    end loop;
    v_any := v_any || ('(' || array_to_string(v_all, ' and ') || ')');
  end loop;
  v_where := format(' s where uuid_lt(s.message_id, $1) and uuid_gt(s.message_id, $2) and (%s) order by s.message_id desc limit $4',
    array_to_string(v_any, ' or '));
  for v_part in select p.part, p.from_id from search_parts p where p.gen = p_gen and p.from_id < p_before order by p.from_id desc loop
    if v_back is not null and clock_timestamp() > v_deadline then
      return query select v_back, false;
      return;
    end if;
    return query execute format('select s.message_id, true from %I', 'message_search_p' || v_part.part) || v_where
      using p_before, p_after, p_tokens, v_left;
    get diagnostics v_found = row_count;
    v_left := v_left - v_found;
    v_back := v_part.from_id;
    if v_left <= 0 or v_back <= p_after then return; end if;
  end loop;
end $$;
