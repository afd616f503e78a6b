import type { Role } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { announcePerson } from '../change/announce-person.ts';
import type { Change } from '../change/change.ts';
import { endInvites } from './end-invites.ts';
import { lowerInChatsOf, ownChatsOf } from './leave-chats.ts';

/** Another role for a member; `before` is the one that they have. */
export interface RoleChange {
  readonly userId: string;
  readonly role: Role;
  readonly before: Role;
}

/**
 * Gives a member of a workspace whose head is locked another role, and appends the event. What a Guest may be in chats
 * changes with it, and invitations end that they may not give any more. That an Owner remains is for the caller to see
 * to.
 */
export async function changeRole(
  change: Change,
  workspaceId: string,
  { userId, role, before }: RoleChange,
): Promise<void> {
  await change.tx.execute(sql`
    update workspace_members set role = ${role},
      guest_seq = case when (role < 'Member') <> (${role}::role < 'Member') then ${change.nextWorkspaceSeq(workspaceId)}::bigint
        else guest_seq end
    where workspace_id = ${workspaceId} and user_id = ${userId} and left_seq is null`);
  await announcePerson(change, [workspaceId], 'workspace.memberUpdated', { subjectId: userId, facts: { role } });
  change.note('workspace.roleChanged', { workspaceId, userId, details: { role, roleBefore: before } });
  await endInvites(change, userId, { workspaceId, role });
  if (role === 'Guest') await lowerInChatsOf(change, workspaceId, userId);
  else if (before === 'Guest') await ownChatsOf(change, workspaceId, userId);
}
