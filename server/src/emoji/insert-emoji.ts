import { type EmojiRow, emojiColumns, sql } from '@fechatter/drizzle';
import type { Change } from '../change/change.ts';
import { checkEmoji } from '../limits/quotas.ts';

/** A new emoji of a workspace whose head is locked; its picture is claimed, and its name is free. */
interface NewEmoji {
  readonly workspaceId: string;
  readonly name: string;
  readonly fileId: string;
  readonly userId: string;
}

/** Gives a workspace an emoji, and announces it. Refuses one more than a workspace can have (quota_exceeded). */
export async function insertEmoji(change: Change, { workspaceId, name, fileId, userId }: NewEmoji): Promise<EmojiRow> {
  await checkEmoji(change.tx, workspaceId);
  const { rows } = await change.tx.execute<EmojiRow>(sql`
    insert into emoji as e (workspace_id, name, file_id, created_by)
    values (${workspaceId}, ${name}, ${fileId}, ${userId}) returning ${sql.raw(emojiColumns)}`);
  const [row] = rows;
  if (row === undefined) throw new Error('an emoji was not inserted');
  change.announceInWorkspace(workspaceId, 'emoji.updated', { facts: { name, fileId } });
  change.note('emoji.created', { workspaceId, details: { fileIds: [fileId] } });
  return row;
}
