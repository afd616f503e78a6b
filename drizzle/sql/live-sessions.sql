-- Live sessions: not revoked, not expired by the database's clock, and of an active person. Statements that change or lock a
-- session use the table and check the same conditions there.
create or replace view live_sessions as
select s.id, s.user_id, s.refresh_hash, s.refresh_number, s.refresh_copy, s.rotated_at, s.device_id, s.user_agent, s.ip,
  s.created_at, s.last_used_at, s.expires_at, s.authenticated_at, s.name
from sessions s join users u on u.id = s.user_id
where s.revoked_at is null and s.expires_at > now() and u.status = 'Active';
