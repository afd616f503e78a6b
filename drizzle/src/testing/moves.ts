import { codeOf, loggedEvents, SHARED_CHATS } from '@fechatter/contract';

const takingAway = loggedEvents.flatMap(({ code, takesAway }) => (takesAway ? [code] : [])).join(', ');

/**
 * Actions of people in workspaces and chats, as SQL functions in their own schema, for tests that need a history or a
 * race. They keep the rules of the log: one lock order (workspace head, workspace_members rows, chat heads ascending),
 * checks in a new statement, one event per seq. Each returns the seq of its event; null: nothing to do.
 */
export const moves = `
create schema stage;

create function stage.log_chat(p_workspace uuid, p_workspace_seq bigint, p_chat uuid, p_seq bigint, p_code int, p_subject uuid)
returns bigint language sql as $$
  insert into event_log (workspace_id, workspace_seq, chat_id, chat_seq, code, takes_away, subject_id)
  values (p_workspace, p_workspace_seq, p_chat, p_seq, p_code, p_code in (${takingAway}), p_subject) returning chat_seq $$;

create function stage.log_workspace(p_workspace uuid, p_seq bigint, p_code int, p_subject uuid)
returns bigint language sql as $$
  insert into event_log (workspace_id, workspace_seq, code, takes_away, subject_id)
  values (p_workspace, p_seq, p_code, p_code in (${takingAway}), p_subject)
  returning workspace_seq $$;

create function stage.person(p_user uuid) returns void language sql as $$
  insert into users (id, email, full_name, password_hash) values (p_user, p_user || '@example.org', 'P ' || p_user, '') $$;

create function stage.workspace(p_workspace uuid) returns void language sql as $$
  insert into workspaces (id, name) values (p_workspace, 'w');
  insert into workspace_heads (workspace_id) values (p_workspace) $$;

create function stage.raise_workspace(p_workspace uuid) returns bigint language sql as $$
  update workspace_heads set last_seq = last_seq + 1 where workspace_id = p_workspace returning last_seq $$;

create function stage.raise_chat(p_chat uuid) returns bigint language sql as $$
  update chat_heads set last_seq = last_seq + 1 where chat_id = p_chat returning last_seq $$;

create function stage.enter_workspace(p_workspace uuid, p_user uuid) returns bigint language plpgsql as $$
declare v_seq bigint;
begin
  perform 1 from workspace_heads where workspace_id = p_workspace for no key update;
  perform 1 from workspaces where id = p_workspace and deleted_at is null;
  if not found then return null; end if;
  perform 1 from workspace_members where workspace_id = p_workspace and user_id = p_user and left_seq is null;
  if found then return null; end if;
  v_seq := stage.raise_workspace(p_workspace);
  insert into workspace_members (workspace_id, user_id, role, joined_seq) values (p_workspace, p_user, 'Member', v_seq);
  return stage.log_workspace(p_workspace, v_seq, ${codeOf('workspace.memberJoined')}, p_user);
end $$;

create function stage.log_person(p_workspace uuid, p_code int, p_user uuid, p_facts jsonb) returns bigint language plpgsql as $$
declare v_shared jsonb; v_seq bigint;
begin
  select jsonb_object_agg(h.chat_id, h.last_seq) into v_shared
  from chat_heads h join chat_members m on m.chat_id = h.chat_id and m.user_id = p_user and m.left_seq is null
  where h.workspace_id = p_workspace and exists (
    select from chat_members g join workspace_members w on w.user_id = g.user_id and w.workspace_id = h.workspace_id
    where g.chat_id = h.chat_id and g.user_id <> p_user and g.left_seq is null and w.left_seq is null and w.role = 'Guest');
  v_seq := stage.raise_workspace(p_workspace);
  insert into event_log (workspace_id, workspace_seq, code, takes_away, subject_id, facts)
  values (p_workspace, v_seq, p_code, p_facts ->> 'role' is not distinct from 'Guest', p_user,
    p_facts || jsonb_strip_nulls(jsonb_build_object('${SHARED_CHATS}', v_shared)));
  return v_seq;
end $$;

create function stage.rename_person(p_workspace uuid, p_user uuid) returns bigint language plpgsql as $$
begin
  perform 1 from workspace_heads where workspace_id = p_workspace for no key update;
  perform 1 from workspace_members where workspace_id = p_workspace and user_id = p_user and left_seq is null;
  if not found then return null; end if;
  return stage.log_person(p_workspace, ${codeOf('user.updated')}, p_user, '{}');
end $$;

create function stage.set_role(p_workspace uuid, p_user uuid, p_role role) returns bigint language plpgsql as $$
declare v_before role; v_seq bigint;
begin
  select last_seq + 1 into v_seq from workspace_heads where workspace_id = p_workspace for no key update;
  select role into v_before from workspace_members where workspace_id = p_workspace and user_id = p_user and left_seq is null;
  if v_before is null or v_before = p_role then return null; end if;
  update workspace_members
  set role = p_role, guest_seq = case when (v_before = 'Guest') <> (p_role = 'Guest') then v_seq else guest_seq end
  where workspace_id = p_workspace and user_id = p_user and left_seq is null;
  return stage.log_person(p_workspace, ${codeOf('workspace.memberUpdated')}, p_user, jsonb_build_object('role', p_role));
end $$;

create function stage.leave_workspace(p_workspace uuid, p_user uuid) returns bigint language plpgsql as $$
declare v_seq bigint; v_chat uuid;
begin
  perform 1 from workspace_heads where workspace_id = p_workspace for no key update;
  perform 1 from workspace_members where workspace_id = p_workspace and user_id = p_user and left_seq is null;
  if not found then return null; end if;
  v_seq := stage.raise_workspace(p_workspace);
  update workspace_members set left_seq = v_seq where workspace_id = p_workspace and user_id = p_user and left_seq is null;
  for v_chat in
    select h.chat_id from chat_heads h join chat_members m on m.chat_id = h.chat_id and m.user_id = p_user and m.left_seq is null
    where h.workspace_id = p_workspace order by h.chat_id
  loop
    perform stage.leave_chat(v_chat, p_user);
  end loop;
  return stage.log_workspace(p_workspace, v_seq, ${codeOf('workspace.memberLeft')}, p_user);
end $$;

create function stage.delete_workspace(p_workspace uuid) returns bigint language plpgsql as $$
declare v_seq bigint;
begin
  perform 1 from workspace_heads where workspace_id = p_workspace for no key update;
  perform 1 from workspaces where id = p_workspace and deleted_at is null;
  if not found then return null; end if;
  v_seq := stage.raise_workspace(p_workspace);
  update workspace_members set left_seq = v_seq where workspace_id = p_workspace and left_seq is null;
  update workspaces set deleted_at = now() where id = p_workspace;
  return stage.log_workspace(p_workspace, v_seq, ${codeOf('workspace.deleted')}, p_workspace);
end $$;

create function stage.chat(p_chat uuid, p_workspace uuid, p_type chat_type, p_users uuid[]) returns bigint language plpgsql as $$
declare v_workspace_seq bigint;
begin
  if p_type = 'PublicChannel' then
    perform 1 from workspace_heads where workspace_id = p_workspace for no key update;
  end if;
  perform 1 from workspace_members where workspace_id = p_workspace and user_id = any (p_users) and left_seq is null
    order by user_id for share;
  if p_type = 'PublicChannel' then v_workspace_seq := stage.raise_workspace(p_workspace); end if;
  insert into chats (id, workspace_id, chat_type, name, version, creator_id, single_low, single_high)
  select p_chat, p_workspace, p_type, 'c', 1, p_users[1],
    case when p_type = 'Single' then least(p_users[1], p_users[2]) end,
    case when p_type = 'Single' then greatest(p_users[1], p_users[2]) end;
  insert into chat_heads (chat_id, workspace_id, chat_type, last_seq) values (p_chat, p_workspace, p_type, 1);
  insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
  select p_chat, m.user_id, 'Member', 1, 1, 0 from workspace_members m
  where m.workspace_id = p_workspace and m.user_id = any (p_users) and m.left_seq is null;
  return stage.log_chat(p_workspace, v_workspace_seq, p_chat, 1, ${codeOf('chat.created')}, p_chat);
end $$;

create function stage.join_chat(p_chat uuid, p_user uuid) returns bigint language plpgsql as $$
declare v_workspace uuid; v_number bigint; v_seq bigint;
begin
  select workspace_id into v_workspace from chat_heads where chat_id = p_chat;
  perform 1 from workspace_members where workspace_id = v_workspace and user_id = p_user and left_seq is null for share;
  if not found then return null; end if;
  select last_number into v_number from chat_heads where chat_id = p_chat for no key update;
  perform 1 from chats where id = p_chat and deleted_at is null;
  if not found then return null; end if;
  perform 1 from chat_members where chat_id = p_chat and user_id = p_user and left_seq is null;
  if found then return null; end if;
  v_seq := stage.raise_chat(p_chat);
  insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
  values (p_chat, p_user, 'Member', v_seq, v_seq, v_number);
  return stage.log_chat(v_workspace, null, p_chat, v_seq, ${codeOf('member.joined')}, p_user);
end $$;

create function stage.leave_chat(p_chat uuid, p_user uuid) returns bigint language plpgsql as $$
declare v_workspace uuid; v_seq bigint;
begin
  select workspace_id into v_workspace from chat_heads where chat_id = p_chat for no key update;
  perform 1 from chat_members where chat_id = p_chat and user_id = p_user and left_seq is null;
  if not found then return null; end if;
  v_seq := stage.raise_chat(p_chat);
  update chat_members set left_seq = v_seq where chat_id = p_chat and user_id = p_user and left_seq is null;
  return stage.log_chat(v_workspace, null, p_chat, v_seq, ${codeOf('member.left')}, p_user);
end $$;

create function stage.announce(p_chat uuid, p_code int) returns bigint language plpgsql as $$
declare v_workspace uuid; v_type chat_type; v_seq bigint; v_workspace_seq bigint;
begin
  select workspace_id, chat_type into v_workspace, v_type from chat_heads where chat_id = p_chat;
  if v_type = 'PublicChannel' then
    perform 1 from workspace_heads where workspace_id = v_workspace for no key update;
  end if;
  perform 1 from chat_heads where chat_id = p_chat for no key update;
  perform 1 from chats where id = p_chat and deleted_at is null;
  if not found then return null; end if;
  if v_type = 'PublicChannel' then v_workspace_seq := stage.raise_workspace(v_workspace); end if;
  v_seq := stage.raise_chat(p_chat);
  if p_code = ${codeOf('chat.deleted')} then
    update chat_members set left_seq = v_seq where chat_id = p_chat and left_seq is null;
    update chats set deleted_at = now() where id = p_chat;
  end if;
  return stage.log_chat(v_workspace, v_workspace_seq, p_chat, v_seq, p_code, p_chat);
end $$;
create function stage.rename_chat(p_chat uuid) returns bigint language sql as $$
  select stage.announce(p_chat, ${codeOf('chat.updated')}) $$;
create function stage.delete_chat(p_chat uuid) returns bigint language sql as $$
  select stage.announce(p_chat, ${codeOf('chat.deleted')}) $$;

create function stage.note(p_user uuid, p_subject uuid) returns void language sql as $$
  insert into event_log (user_id, code, takes_away, subject_id)
  values (p_user, ${codeOf('session.revoked')}, true, p_subject) $$;
`;
