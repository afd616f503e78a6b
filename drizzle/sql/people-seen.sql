-- Whom these people see as people, a pair of a viewer and a person at a time: themselves, and those with whom they share a
-- workspace now. Presence is judged by it, and nothing else says it for presence.
create or replace function people_seen(p_viewers uuid[], p_users uuid[])
returns table (viewer_id uuid, user_id uuid)
language sql stable as $$
  select p.viewer_id, p.user_id from unnest(p_viewers, p_users) p (viewer_id, user_id)
  where p.viewer_id = p.user_id or exists (
    select from live_workspace_members mine
    join live_workspace_members theirs on theirs.workspace_id = mine.workspace_id and theirs.user_id = p.user_id
    where mine.user_id = p.viewer_id)
$$;
