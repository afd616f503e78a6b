-- Messages that may be what is searched: of each group of tokens they have one. Newest first, from before p_before down to
-- after p_after. Part by part, and at most p_limit; after p_budget_ms no further part is begun. The groups are slices of p_tokens,
-- which end at p_ends. A row that is no candidate says how far back it was looked, where more may follow.
--
-- The planner is left nothing but the index of tokens: with hundreds of tokens it would rather read the whole table, or all
-- of its key. That is why ids are compared by functions, which no index
-- knows, and partitions are named.
create or replace function search_candidates(p_gen int, p_before uuid, p_after uuid, p_limit int, p_tokens int[], p_ends int[], p_budget_ms int)
returns table (message_id uuid, is_candidate boolean)
language plpgsql stable security definer set search_path = public, pg_temp
set enable_seqscan = off
set enable_indexscan = off
set enable_indexonlyscan = off
set jit = off
as $$
declare
  v_deadline timestamptz := clock_timestamp() + p_budget_ms * interval '1 ms';
  v_where text := ' s where uuid_lt(s.message_id, $1) and uuid_gt(s.message_id, $2)';
  v_left int := p_limit; v_found int; v_from int := 1; v_part record; v_back uuid;
begin
  for i in 1 .. cardinality(p_ends) loop
    v_where := v_where || format(' and s.tokens && ($3)[%s:%s]', v_from, p_ends[i]);
    v_from := p_ends[i] + 1;
  end loop;
  v_where := v_where || ' order by s.message_id desc limit $4';
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
