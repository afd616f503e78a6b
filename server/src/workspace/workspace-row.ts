import type { Role, Workspace } from '@fechatter/contract';
import type { Database } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

/** A workspace as one member sees it, as SQL returns it. */
export interface WorkspaceRow {
  id: string;
  name: string;
  description: string | null;
  retention_days: number | null;
  role: Role;
  last_seq: number;
  created_at: Date;
  updated_at: Date;
}

/** The workspaces of `$1`, for more conditions and an order; `m` is their membership. */
export const myWorkspaces = `
  select w.id, w.name, w.description, w.retention_days, m.role, h.last_seq, w.created_at, w.updated_at
  from workspace_members m
  join workspaces w on w.id = m.workspace_id and w.deleted_at is null
  join workspace_heads h on h.workspace_id = m.workspace_id
  where m.user_id = $1 and m.left_seq is null`;

export function workspaceOf(row: WorkspaceRow): Workspace {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    retentionDays: row.retention_days,
    role: row.role,
    lastSeq: row.last_seq,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** What a workspace is now, for someone in it. */
export async function readWorkspace(db: Database, userId: string, workspaceId: string): Promise<Workspace> {
  const { rows } = await db.pool.query<WorkspaceRow>({
    name: 'workspace-get',
    text: `${myWorkspaces} and m.workspace_id = $2`,
    values: [userId, workspaceId],
  });
  if (rows[0] === undefined) throw refuse('workspace_not_found');
  return workspaceOf(rows[0]);
}
