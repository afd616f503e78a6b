import { permissions, type Role } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { isAtLeast } from '../access/role.ts';
import type { Change } from '../change/change.ts';

/**
 * The remaining rights of a person: their role in one workspace, null if they have none any more; or `closed`: none
 * anywhere.
 */
type Standing = { readonly workspaceId: string; readonly role: Role | null } | 'closed';

/**
 * Ends the invitations of a person whose role was lowered, who left, or whose account was closed, if they may not give
 * that role any more. Otherwise a removed Owner could come back with an earlier invitation. The heads of the workspaces
 * must be locked.
 */
export async function endInvites(change: Change, madeBy: string, standing: Standing): Promise<void> {
  const workspaceId = standing === 'closed' ? null : standing.workspaceId;
  const most = standing === 'closed' ? null : mostToGive(standing.role);
  const { rows } = await change.tx.execute<{ id: string; workspace_id: string; role: Role; is_open: boolean }>(sql`
    update workspace_invites set revoked_at = clock_timestamp()
    where created_by = ${madeBy} and revoked_at is null
      and (${workspaceId}::uuid is null or workspace_id = ${workspaceId}::uuid)
      and (${most}::role is null or role > ${most}::role)
    returning id, workspace_id, role, expires_at > clock_timestamp() and uses < max_uses as is_open`);
  for (const { id: inviteId, workspace_id: ofWorkspace, role, is_open: isOpen } of rows)
    if (isOpen)
      change.note('invite.revoked', { workspaceId: ofWorkspace, userId: madeBy, details: { inviteId, role } });
}

/** The highest role that a person with this role may give in an invitation; null if they may not invite. */
const mostToGive = (role: Role | null): Role | null =>
  role !== null && isAtLeast(role, permissions['workspace.invite'].role) ? role : null;
