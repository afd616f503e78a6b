import { sql } from '@fechatter/drizzle';
import type { Change } from '../change/change.ts';
import { endBots } from './end-bots.ts';

/**
 * Deletes a workspace whose head is locked, with all its chats: one event announces all of it, and the content is wiped
 * in the background.
 */
export async function closeWorkspace(change: Change, workspaceId: string): Promise<void> {
  const leftSeq = change.announceInWorkspace(workspaceId, 'workspace.deleted');
  // Ascending, in the same order as when members are added to chats.
  await change.tx.execute(sql`
    select 1 from workspace_members where workspace_id = ${workspaceId} and left_seq is null
    order by user_id for no key update`);
  await change.tx.execute(sql`
    update workspace_members set left_seq = ${leftSeq} where workspace_id = ${workspaceId} and left_seq is null`);
  await endBots(change, workspaceId, null);
  await change.tx.execute(sql`
    with deleted as (delete from emoji where workspace_id = ${workspaceId} returning file_id)
    update files set state = 'Gone', wrapped_key = null, sealed_name = null where id in (select file_id from deleted)`);
  await change.tx.execute(sql`delete from placeholders where workspace_id = ${workspaceId}`);
  await change.tx.execute(sql`update workspaces set deleted_at = clock_timestamp() where id = ${workspaceId}`);
  change.note('workspace.deleted', { workspaceId });
}
