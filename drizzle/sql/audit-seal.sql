-- Seals audit lines that have become visible and have no seal yet: the oldest ones, at most p_limit and all of one hour, so that
-- they can be pruned together. One caller at a time: another caller gets no row, like one that finds nothing to seal.
--
-- Every line is sealed once: its own transaction writes its note in audit_unsealed, and the seal deletes that note. A line
-- that commits late is noted late. A line that was deleted before it was sealed has an empty digest.
create or replace function audit_seal(p_limit int) returns table (n bigint, lines int, hash bytea)
language plpgsql volatile security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
  v_last audit_seals;
  v_seal audit_seals;
  v_list bytea;
begin
  if not pg_try_advisory_xact_lock(hashtext('fechatter.audit_seal')) then return; end if;
  select * into v_last from audit_seals order by n desc limit 1;
  with oldest as materialized (select created_at from audit_unsealed order by created_at, id limit 1),
  chosen as materialized (
    select q.scope_id, q.id from audit_unsealed q, oldest o where q.created_at <= o.created_at + interval '1 hour'
    order by q.created_at, q.id limit greatest(1, least(p_limit, 1000))),
  taken as (
    delete from audit_unsealed q using chosen c where q.scope_id = c.scope_id and q.id = c.id
    returning q.scope_id, q.id, q.created_at),
  digested as (
    select t.*, case when a.id is null then ''::bytea else audit_digest(a) end as digest
    from taken t left join audit_log a on a.scope_id = t.scope_id and a.id = t.id)
  select count(*), max(created_at), array_agg(scope_id order by id, scope_id), array_agg(id order by id, scope_id),
    array_agg(digest order by id, scope_id),
    string_agg(uuid_send(scope_id) || uuid_send(id) || digest, ''::bytea order by id, scope_id)
  into v_seal.lines, v_seal.newest_at, v_seal.scope_ids, v_seal.ids, v_seal.digests, v_list from digested;
  if v_seal.lines = 0 then return; end if;
  v_seal.n := coalesce(v_last.n, 0) + 1;
  v_seal.content := sha256(v_list);
  v_seal.hash := sha256(coalesce(v_last.hash, ''::bytea) || int8send(v_seal.n) || int8send(v_seal.lines)
    || int8send((extract(epoch from v_seal.newest_at) * 1000)::bigint) || v_seal.content);
  insert into audit_seals (n, lines, newest_at, content, hash, scope_ids, ids, digests)
  values (v_seal.n, v_seal.lines, v_seal.newest_at, v_seal.content, v_seal.hash, v_seal.scope_ids, v_seal.ids, v_seal.digests);
  return query select v_seal.n, v_seal.lines, v_seal.hash;
end $$;
