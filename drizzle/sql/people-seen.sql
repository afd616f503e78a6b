-- Which of these people can see which, one pair of viewer and person at a time: a person sees themselves and everyone with whom
-- they currently share a workspace; as a Guest, everyone with whom they share a chat of it. This is the only rule for who
-- sees a person.
create or replace function people_seen(p_viewers uuid[], p_users uuid[])
returns table (viewer_id uuid, user_id uuid)
language sql stable as $$
  select p.viewer_id, p.user_id from unnest(p_viewers, p_users) p (viewer_id, user_id)
  where p.viewer_id = p.user_id or exists (
    select from live_workspace_members mine
    join live_workspace_members theirs on theirs.workspace_id = mine.workspace_id and theirs.user_id = p.user_id
    where mine.user_id = p.viewer_id and (mine.role >= 'Member' or exists (
      select from live_chat_members own
      join chat_heads h on h.chat_id = own.chat_id and h.workspace_id = mine.workspace_id
      join live_chat_members other on other.chat_id = own.chat_id and other.user_id = p.user_id
      where own.user_id = p.viewer_id)))
$$;
