import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { makeChange } from '../change/change.ts';
import type { AuthedContext } from '../context.ts';

/** Ends a file that the caller has not sent: its content cannot be read any more, and a job deletes it. */
export function cancelFile(ctx: AuthedContext, fileId: string): Promise<void> {
  return makeChange(ctx, async (change) => {
    const mine = sql`id = ${fileId} and uploader_id = ${ctx.principal.userId} and expires_at is not null`;
    const { rows } = await change.tx.execute<{ chat_id: string | null }>(sql`select chat_id from files where ${mine}`);
    if (rows[0] === undefined) throw refuse('file_not_found');
    // A send checks files and claims them under this lock; an emoji locks the row alone.
    if (rows[0].chat_id !== null) await change.lockChats([rows[0].chat_id]);
    const { rows: cancelled } = await change.tx.execute(sql`
      update files set state = 'Gone', wrapped_key = null, sealed_name = null where ${mine} returning 1`);
    if (cancelled.length === 0) throw refuse('file_not_found');
  });
}
