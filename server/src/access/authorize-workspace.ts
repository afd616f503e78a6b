import { permissions, type Role, type WorkspacePermission } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { isAtLeast } from './role.ts';

/** The person's role in a workspace. Refuses outsiders with workspace_not_found and lower roles with role_too_low. */
export async function authorizeWorkspace(
  tx: Tx,
  userId: string,
  workspaceId: string,
  permission: WorkspacePermission,
): Promise<Role> {
  const { rows } = await tx.execute<{ role: Role }>(sql`
    select m.role from live_workspace_members m join workspaces w on w.id = m.workspace_id
    where m.workspace_id = ${workspaceId} and m.user_id = ${userId} and w.deleted_at is null`);
  const role = rows[0]?.role;
  if (role === undefined) throw refuse('workspace_not_found');
  if (!isAtLeast(role, permissions[permission].role)) throw refuse('role_too_low');
  return role;
}
