import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { type Change, type ChangeContext, makeChange } from '../change/change.ts';

/** Sets for how many days a workspace whose head is locked keeps its messages; null: for ever. */
export async function applyRetention(change: Change, workspaceId: string, days: number | null): Promise<void> {
  const { rowCount } = await change.tx.execute(sql`
    update workspaces set retention_days = ${days}, updated_at = clock_timestamp()
    where id = ${workspaceId} and deleted_at is null and retention_days is distinct from ${days}::int`);
  if (rowCount === 0) return;
  change.announceInWorkspace(workspaceId, 'workspace.updated');
  change.note('workspace.retentionSet', { workspaceId, details: { retentionDays: days } });
}

/** For the operator: the same for any workspace. */
export function setRetentionOf(deps: ChangeContext['deps'], workspaceId: string, days: number | null): Promise<void> {
  return makeChange({ deps }, async (change) => {
    await change.lockWorkspaces([workspaceId]);
    const { rows } = await change.tx.execute(
      sql`select 1 from workspaces where id = ${workspaceId} and deleted_at is null`,
    );
    if (rows.length === 0) throw refuse('workspace_not_found');
    await applyRetention(change, workspaceId, days);
  });
}
