import { sql } from '@fechatter/drizzle';
import type { Change } from '../change/change.ts';

/** Deletes a workspace whose head is locked, with all its chats: one event tells all of it, content is wiped behind. */
export async function closeWorkspace(change: Change, workspaceId: string): Promise<void> {
  const leftSeq = change.announceInWorkspace(workspaceId, 'workspace.deleted');
  // Ascending, as they are held by those who add members to chats.
  await change.tx.execute(sql`
    select 1 from workspace_members where workspace_id = ${workspaceId} and left_seq is null
    order by user_id for no key update`);
  await change.tx.execute(sql`
    update workspace_members set left_seq = ${leftSeq} where workspace_id = ${workspaceId} and left_seq is null`);
  await change.tx.execute(sql`update workspaces set deleted_at = clock_timestamp() where id = ${workspaceId}`);
  change.note('workspace.deleted', { workspaceId });
}
