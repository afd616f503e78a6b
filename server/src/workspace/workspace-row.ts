import type { Role, Workspace } from '@fechatter/contract';
import {
  type Database,
  type WorkspaceColumns,
  workspaceColumns,
  workspaceJoins,
  workspaceOf,
} from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

/** A workspace as one member sees it, as SQL returns it. */
export type WorkspaceRow = WorkspaceColumns & { role: Role };

/** The workspaces of `$1`, for more conditions and an order; `m` is their membership. */
export const myWorkspaces = `
  select ${workspaceColumns}, m.role
  from live_workspace_members m
  join workspaces w on w.id = m.workspace_id and w.deleted_at is null
  ${workspaceJoins}
  where m.user_id = $1`;

export const ownWorkspaceOf = (row: WorkspaceRow): Workspace => ({ ...workspaceOf(row), role: row.role });

/** The current state of a workspace, for a member. */
export async function readWorkspace(db: Database, userId: string, workspaceId: string): Promise<Workspace> {
  const { rows } = await db.pool.query<WorkspaceRow>({
    name: 'workspace-get',
    text: `${myWorkspaces} and m.workspace_id = $2`,
    values: [userId, workspaceId],
  });
  if (rows[0] === undefined) throw refuse('workspace_not_found');
  return ownWorkspaceOf(rows[0]);
}
