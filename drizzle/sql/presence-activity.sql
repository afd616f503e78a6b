-- Records that a person is active on a device, or no longer. Returns whether this changes the person's presence: then those who
-- watch them read it again.
create or replace function presence_set_activity(p_user uuid, p_session uuid, p_is_active boolean)
returns boolean
language plpgsql volatile as $$
declare
  v_before boolean := exists (
    select from presence_activity a where a.user_id = p_user and a.active_at > now() - interval '5 minutes');
begin
  insert into presence_activity as a (user_id, session_id, active_at)
  values (p_user, p_session, case when p_is_active then clock_timestamp() else '-infinity' end)
  on conflict (user_id, session_id) do update set active_at = excluded.active_at;
  return v_before <> exists (
    select from presence_activity a where a.user_id = p_user and a.active_at > now() - interval '5 minutes');
end $$;
