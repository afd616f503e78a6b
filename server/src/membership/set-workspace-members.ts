import type { MembersChanged, MembersSet, Role } from '@fechatter/contract';
import { schema, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { Change } from '../change/change.ts';
import { changeRole } from './change-role.ts';
import { endMembership } from './end-workspace-membership.ts';

/**
 * Makes these people members of a workspace with these roles, and with `replace` ends all other memberships, all of it or
 * nothing. Refused with workspace_not_found if it was deleted before its head was locked, with user_not_found if the
 * account of one was erased, and with last_owner if nobody would own it.
 */
export async function setWorkspaceMembers(
  change: Change,
  workspaceId: string,
  wanted: ReadonlyMap<string, Role>,
  mode: MembersSet['mode'],
): Promise<MembersChanged> {
  const { tx } = change;
  await change.lockWorkspaces([workspaceId]);
  await mustNotBeDeleted(tx, workspaceId);
  const current = await lockMembers(tx, workspaceId);
  await mustExist(tx, [...wanted.keys()]);
  const added = [...wanted].filter(([userId]) => !current.has(userId));
  const changed = [...wanted].flatMap(([userId, role]) => {
    const before = current.get(userId);
    return before === undefined || before === role ? [] : [{ userId, role, before }];
  });
  const removed = mode === 'replace' ? [...current].filter(([userId]) => !wanted.has(userId)) : [];
  await lockChatsOf(change, workspaceId, [...changed, ...removed.map(([userId]) => ({ userId }))]);
  await join(change, workspaceId, added);
  for (const one of changed) await changeRole(change, workspaceId, one);
  for (const [userId, role] of removed) {
    await endMembership(change, workspaceId, userId);
    change.note('workspace.memberRemoved', { workspaceId, userId, details: { role } });
  }
  await mustHaveOwner(tx, workspaceId);
  return { added: added.length, changed: changed.length, removed: removed.length };
}

/** All of them at once and in one order, before any chat: whoever adds one of them to a chat meanwhile waits. */
async function lockMembers(tx: Tx, workspaceId: string): Promise<ReadonlyMap<string, Role>> {
  const { rows } = await tx.execute<{ user_id: string; role: Role }>(sql`
    select user_id, role from workspace_members where workspace_id = ${workspaceId} and left_seq is null
    order by user_id for no key update`);
  return new Map(rows.map(({ user_id: id, role }) => [id, role]));
}

async function mustNotBeDeleted(tx: Tx, workspaceId: string): Promise<void> {
  const { rows } = await tx.execute(sql`select 1 from workspaces where id = ${workspaceId} and deleted_at is null`);
  if (rows.length === 0) throw refuse('workspace_not_found');
}

async function mustExist(tx: Tx, userIds: readonly string[]): Promise<void> {
  const { rows } = await tx.execute(sql`
    select 1 from users where id = any (${sql.param([...userIds])}::uuid[]) and erased_at is null order by id for key share`);
  if (rows.length < userIds.length) throw refuse('user_not_found');
}

/** Those of all who leave or get another role, in one order: locking them person by person could block each other. */
async function lockChatsOf(
  change: Change,
  workspaceId: string,
  people: readonly { readonly userId: string }[],
): Promise<void> {
  if (people.length === 0) return;
  const { rows } = await change.tx.execute<{ chat_id: string }>(sql`
    select distinct m.chat_id from live_chat_members m join chat_heads h on h.chat_id = m.chat_id
    where h.workspace_id = ${workspaceId} and m.user_id = any (${sql.param(people.map(({ userId }) => userId))}::uuid[])`);
  await change.lockChats(rows.map(({ chat_id: id }) => id));
}

async function join(change: Change, workspaceId: string, added: readonly (readonly [string, Role])[]): Promise<void> {
  if (added.length === 0) return;
  const members = added.map(([userId, role]) => ({
    workspaceId,
    userId,
    role,
    joinedSeq: change.announceInWorkspace(workspaceId, 'workspace.memberJoined', {
      subjectId: userId,
      facts: { role },
    }),
  }));
  await change.tx.insert(schema.workspaceMembers).values(members);
  for (const { userId, role } of members)
    change.note('workspace.memberJoined', { workspaceId, userId, details: { role } });
}

async function mustHaveOwner(tx: Tx, workspaceId: string): Promise<void> {
  const { rows } = await tx.execute<{ is_ownerless: boolean }>(sql`
    select count(*) > 0 and not coalesce(bool_or(role = 'Owner'), false) as is_ownerless
    from live_workspace_members where workspace_id = ${workspaceId}`);
  if (rows[0]?.is_ownerless)
    throw refuse('last_owner', { message: 'Somebody must be Owner; give one of the members this role.' });
}
