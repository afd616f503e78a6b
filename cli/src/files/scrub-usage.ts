import { inTransaction, sql } from '@fechatter/drizzle';
import type { Scrubbing } from './scrub-rows.ts';

const WORKSPACES_A_PAGE = 500;

/**
 * Compares how many bytes the files of a workspace have with its counter. What changes one changes the other in the same
 * transaction, so one statement sees both as they belong together.
 */
export async function scrubUsage({ db, isRepairing, signal }: Scrubbing): Promise<{ wrong: number }> {
  let wrong = 0;
  for (let after = '00000000-0000-0000-0000-000000000000', count = WORKSPACES_A_PAGE; count === WORKSPACES_A_PAGE; ) {
    if (signal.aborted) break;
    const { rows } = await db.pool.query<{ id: string }>(
      `select coalesce(u.workspace_id, f.workspace_id) as id
       from file_usage u full join (select workspace_id, sum(size_bytes + thumbnail_bytes) as bytes from files group by 1) f
         on f.workspace_id = u.workspace_id
       where coalesce(u.bytes, 0) <> coalesce(f.bytes, 0) and coalesce(u.workspace_id, f.workspace_id) > $1
       order by 1 limit $2`,
      [after, WORKSPACES_A_PAGE],
    );
    if (isRepairing) for (const { id } of rows) await correct(db, id);
    wrong += rows.length;
    after = rows.at(-1)?.id ?? after;
    count = rows.length;
  }
  return { wrong };
}

/** Under the lock that everything takes that changes the counter; in a statement after it, which sees what they did. */
function correct(db: Scrubbing['db'], workspaceId: string): Promise<void> {
  return inTransaction(db, async (tx) => {
    await tx.execute(
      sql`insert into file_usage (workspace_id, bytes) values (${workspaceId}, 0) on conflict do nothing`,
    );
    await tx.execute(sql`select from file_usage where workspace_id = ${workspaceId} for no key update`);
    await tx.execute(sql`
      update file_usage set bytes = (select coalesce(sum(size_bytes + thumbnail_bytes), 0) from files where workspace_id = ${workspaceId})
      where workspace_id = ${workspaceId}`);
  });
}
