import { sql } from '@fechatter/drizzle';
import { leaveChatsOf } from './leave-chats.ts';
import type { Change } from '../change/change.ts';
import { endInvites } from './end-invites.ts';

/**
 * Ends a person's membership of a workspace whose head is locked, and those of its chats. Locks the membership row
 * first: a transaction that is about to add this person to a chat holds it, so the next statement finds all their
 * chats. A bot has to end too: see `endMembershipOrBot`.
 */
export async function endMembership(change: Change, workspaceId: string, userId: string): Promise<void> {
  const leftSeq = change.nextWorkspaceSeq(workspaceId);
  await change.tx.execute(sql`
    update workspace_members set left_seq = ${leftSeq}
    where workspace_id = ${workspaceId} and user_id = ${userId} and left_seq is null`);
  await leaveChatsOf(change, workspaceId, userId);
  await endInvites(change, userId, { workspaceId, role: null });
  change.announceInWorkspace(workspaceId, 'workspace.memberLeft', { subjectId: userId });
}
