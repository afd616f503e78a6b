-- Deletes memberships of chats ('chat') or workspaces ('workspace') that ended longer ago than p_kept, among the next p_limit
-- rows after the given one in the order (user, chat or workspace, seq). The newest membership of a person is kept, however
-- old: it is what distinguishes a former member from a stranger. Returns the last row that it looked at and how many it
-- deleted; no row at the end. No statement locks or changes a membership that has ended, so no lock is needed.
create or replace function forget_memberships(p_scope text, p_kept interval, p_user uuid, p_id uuid, p_seq bigint, p_limit int)
returns table (user_id uuid, id uuid, joined_seq bigint, gone bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if p_kept is null or p_kept < interval '2 hours' then
    raise exception 'what the log may still tell of is kept' using errcode = '22023';
  end if;
  return query execute format($q$
    with looked_at as materialized (
      select m.user_id, m.%1$I as id, m.joined_seq, m.left_at from %2$I m
      where (m.user_id, m.%1$I, m.joined_seq) > ($1, $2, $3) order by 1, 2, 3 limit $4),
    deleted as (
      delete from %2$I m using looked_at l
      where (m.user_id, m.%1$I, m.joined_seq) = (l.user_id, l.id, l.joined_seq) and l.left_at < clock_timestamp() - $5
        and l.joined_seq < (select max(n.joined_seq) from %2$I n where n.user_id = l.user_id and n.%1$I = l.id)
      returning 1)
    select l.user_id, l.id, l.joined_seq, (select count(*) from deleted) from looked_at l order by 1 desc, 2 desc, 3 desc limit 1 $q$,
    p_scope || '_id', p_scope || '_members') using p_user, p_id, p_seq, p_limit, p_kept;
end $$;
