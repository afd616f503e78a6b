-- Sessions that are good for something now: not revoked, not expired by the database's clock, of a person who is active.
-- What changes or locks a session names the table, and judges there.
create or replace view live_sessions as
select s.id, s.user_id, s.refresh_hash, s.refresh_number, s.refresh_copy, s.rotated_at, s.device_id, s.user_agent, s.ip,
  s.created_at, s.last_used_at, s.expires_at
from sessions s join users u on u.id = s.user_id
where s.revoked_at is null and s.expires_at > now() and u.status = 'Active';
