-- Registers where a session receives pushes. An address that is registered already moves to this session, with a new id unless
-- it was this session's. Subscriptions of the person's ended sessions are deleted. Returns no row if the session has ended, and
-- null if the person has p_max others.
create or replace function push_subscribe(
  p_id uuid, p_user uuid, p_session uuid, p_kind text, p_address_hash bytea, p_host text, p_sealed bytea, p_max int
) returns table (subscription_id uuid) language plpgsql volatile as $$
begin
  if not exists (select from live_sessions s where s.id = p_session and s.user_id = p_user) then return; end if;
  perform pg_advisory_xact_lock(hashtextextended('fechatter.push:' || p_user, 0));
  delete from push_subscriptions d
  where d.user_id = p_user and not exists (select from live_sessions s where s.id = d.session_id);
  if (select count(*) from push_subscriptions c where c.user_id = p_user and c.address_hash <> p_address_hash) >= p_max then
    return query select null::uuid;
    return;
  end if;
  return query
    insert into push_subscriptions as p (id, user_id, session_id, kind, address_hash, host, sealed)
    values (p_id, p_user, p_session, p_kind, p_address_hash, p_host, p_sealed)
    on conflict (address_hash) do update set
      id = case when p.session_id = excluded.session_id then p.id else excluded.id end,
      user_id = excluded.user_id, session_id = excluded.session_id, kind = excluded.kind, host = excluded.host,
      sealed = excluded.sealed, created_at = excluded.created_at, failure = null, failing_since = null
    returning p.id;
end $$;
