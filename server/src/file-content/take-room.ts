import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

/**
 * Counts a file towards the quota of its workspace; `maxBytes` 0: there is none. The last lock of the transaction: everyone
 * who uploads in the workspace takes it.
 */
export async function takeRoom(tx: Tx, workspaceId: string, sizeBytes: number, maxBytes: number): Promise<void> {
  const { rows } = await tx.execute(sql`
    insert into file_usage as u (workspace_id, bytes)
    select ${workspaceId}::uuid, ${sizeBytes}::bigint
    where (${maxBytes}::bigint = 0 or ${sizeBytes}::bigint <= ${maxBytes}::bigint)
    on conflict (workspace_id) do update set bytes = u.bytes + excluded.bytes
    where ${maxBytes}::bigint = 0 or u.bytes + excluded.bytes <= ${maxBytes}::bigint returning 1`);
  if (rows.length === 0)
    throw refuse('quota_exceeded', { message: `The files of this workspace have at most ${maxBytes} bytes together.` });
}
