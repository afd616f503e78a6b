import type { ChatRole, ChatType, MembersSet, Role } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { Change } from '../change/change.ts';
import type { LockedChat } from '../change/change-chat.ts';
import { endMembershipOf, openMemberships } from '../membership/chat-memberships.ts';

interface AppsChat {
  readonly workspaceId: string;
  readonly chatType: ChatType;
  /** The people concerned who are in the workspace, with their roles there. */
  readonly held: ReadonlyMap<string, Role>;
}

/** A chat whose head is locked, and that of its workspace, for an app, which may do what an Owner may. */
export const lockedForApp = (change: Change, id: string, { workspaceId, chatType, held }: AppsChat): LockedChat => ({
  id,
  workspaceId,
  chatType,
  role: 'Owner',
  isMember: false,
  held,
  change,
  announce: (kind, ...details) =>
    chatType === 'PublicChannel' && kind === 'chat.updated'
      ? change.announceToBoth(id, kind, ...details)
      : change.announceInChat(id, kind, ...details),
});

/** Makes these people, who are held, members with these roles; with `replace` all other memberships end. */
export async function setChatMembers(
  chat: LockedChat,
  roles: ReadonlyMap<string, ChatRole>,
  mode: MembersSet['mode'],
): Promise<void> {
  const { change, id, workspaceId, chatType } = chat;
  const { tx } = change;
  const current = await membersOf(tx, id);
  if (chatType === 'Single') {
    if (roles.size !== 2 || [...roles.keys()].some((userId) => !current.has(userId))) throw refuse('single_chat_fixed');
    return;
  }
  const joining = [...roles.keys()].filter((userId) => !current.has(userId));
  if (joining.length > 0) await mustNotBeArchived(tx, id);
  for (const userId of await openMemberships(change, id, joining))
    change.note('chat.memberAdded', { workspaceId, userId, details: { chatId: id } });
  for (const [userId, role] of roles) await setRole(chat, userId, role, current.get(userId) ?? 'Member');
  const leaving = mode === 'replace' ? [...current.keys()].filter((userId) => !roles.has(userId)) : [];
  for (const userId of leaving) {
    await endMembershipOf(chat, userId);
    change.note('chat.memberRemoved', { workspaceId, userId, details: { chatId: id, role: current.get(userId) } });
  }
  await mustHaveOwner(tx, id);
}

/** Gives a member another role than `before`, and appends the event. */
export async function setRole(chat: LockedChat, userId: string, role: ChatRole, before: Role): Promise<void> {
  if (role === before) return;
  const { change, id: chatId, workspaceId, held } = chat;
  if (role !== 'Member' && held.get(userId) === 'Guest') throw refuse('guests_are_members');
  await change.tx.execute(sql`
    update chat_members set role = ${role} where chat_id = ${chatId} and user_id = ${userId} and left_seq is null`);
  chat.announce('member.updated', { subjectId: userId, facts: { role } });
  change.note('chat.roleChanged', { workspaceId, userId, details: { chatId, role, roleBefore: before } });
}

async function membersOf(tx: Tx, chatId: string): Promise<ReadonlyMap<string, Role>> {
  const { rows } = await tx.execute<{ user_id: string; role: Role }>(
    sql`select user_id, role from live_chat_members where chat_id = ${chatId} order by user_id`,
  );
  return new Map(rows.map(({ user_id: id, role }) => [id, role]));
}

async function mustNotBeArchived(tx: Tx, chatId: string): Promise<void> {
  const { rows } = await tx.execute(sql`select 1 from chats where id = ${chatId} and archived_at is not null`);
  if (rows.length > 0) throw refuse('chat_archived');
}

async function mustHaveOwner(tx: Tx, chatId: string): Promise<void> {
  const { rows } = await tx.execute<{ is_ownerless: boolean }>(sql`
    select count(*) > 0 and not coalesce(bool_or(role = 'Owner'), false) as is_ownerless
    from live_chat_members where chat_id = ${chatId}`);
  if (rows[0]?.is_ownerless) throw ownerless();
}

/** Refuses a chat that would have no Owner. */
export const ownerless = () =>
  refuse('last_owner', { message: 'A chat must have an Owner; give one of the members this role.' });
