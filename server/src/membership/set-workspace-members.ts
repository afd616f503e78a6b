import type { MembersChanged, MembersSet, Role } from '@fechatter/contract';
import { schema, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { Change } from '../change/change.ts';
import { changeRole } from './change-role.ts';
import { endBots } from './end-bots.ts';
import { endMembership } from './end-workspace-membership.ts';

/**
 * Makes these people members of a workspace with these roles, and with `replace` ends the memberships of all other people,
 * all of it or nothing. Bots stay, unless no person is left. Refused with workspace_not_found if it was deleted before its
 * head was locked, with user_not_found if the account of one was erased, and with last_owner if it would have no Owner.
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
  const isEmptied = mode === 'replace' && wanted.size === 0;
  const { current, bots } = await lockMembers(tx, workspaceId);
  await mustExist(tx, [...wanted.keys()]);
  const added = [...wanted].filter(([userId]) => !current.has(userId));
  const changed = [...wanted].flatMap(([userId, role]) => {
    const before = current.get(userId);
    return before === undefined || before === role ? [] : [{ userId, role, before }];
  });
  const removed = mode === 'replace' ? [...current].filter(([userId]) => !wanted.has(userId)) : [];
  if (isEmptied) removed.push(...bots);
  await lockChatsOf(change, workspaceId, [...changed, ...removed.map(([userId]) => ({ userId }))]);
  await beginMemberships(change, workspaceId, added);
  for (const one of changed) await changeRole(change, workspaceId, one);
  for (const [userId, role] of removed) {
    await endMembership(change, workspaceId, userId);
    change.note('workspace.memberRemoved', { workspaceId, userId, details: { role } });
  }
  if (isEmptied) await endBots(change, workspaceId, null);
  await mustHaveOwner(tx, workspaceId);
  return { added: added.length, changed: changed.length, removed: removed.length };
}

type Members = ReadonlyMap<string, Role>;

/** All at once and in one order, before any chat: a call that adds one of them to a chat meanwhile waits. */
async function lockMembers(
  tx: Tx,
  workspaceId: string,
): Promise<{ readonly current: Members; readonly bots: Members }> {
  const { rows } = await tx.execute<{ user_id: string; role: Role; kind: 'Person' | 'Bot' }>(sql`
    select m.user_id, m.role, u.kind from workspace_members m join users u on u.id = m.user_id
    where m.workspace_id = ${workspaceId} and m.left_seq is null
    order by m.user_id for no key update of m`);
  const of = (wanted: 'Person' | 'Bot') =>
    new Map(rows.filter(({ kind }) => kind === wanted).map(({ user_id: id, role }) => [id, role] as const));
  return { current: of('Person'), bots: of('Bot') };
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

/** Makes these people members of a workspace whose head is locked, in which they are not. */
export async function beginMemberships(
  change: Change,
  workspaceId: string,
  added: readonly (readonly [string, Role])[],
): Promise<void> {
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
    throw refuse('last_owner', { message: 'A workspace must have an Owner; give one of the members this role.' });
}
