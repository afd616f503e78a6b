-- The digest of a line of the audit log: everything in it except its address. `fechatter audit verify` computes the same
-- digest independently (drizzle/src/audit/seal-hashes.ts).
create or replace function audit_digest(p_line audit_log) returns bytea language sql stable as $$
  select sha256(convert_to(concat_ws(E'\n', p_line.scope_id, p_line.id, p_line.action, coalesce(p_line.actor_id::text, '-'),
    coalesce(p_line.user_id::text, '-'), p_line.details, coalesce(p_line.request_id, '-'),
    (extract(epoch from p_line.created_at) * 1000)::bigint), 'UTF8')) $$;
