import { type Database, sql, type Tx } from '@fechatter/drizzle';

// Files that are given up have no name and no key any more, and belong to no message. A worker deletes what was stored of
// them, and then gives their room back.

const gone = `state = 'Gone', sealed_name = null, wrapped_key = null, message_id = null, place = null`;

/** Gives up one file, if it is not complete. */
export async function giveUpFile({ pool }: Database, fileId: string): Promise<void> {
  await pool.query(`update files set ${gone} where id = $1 and state = 'Uploading'`, [fileId]);
}

/** Gives up all files of a chat. */
export async function giveUpFiles({ pool }: Database, chatId: string): Promise<void> {
  await pool.query(`update files set ${gone} where chat_id = $1 and message_id is not null and state <> 'Gone'`, [
    chatId,
  ]);
}

/** Gives up the files of a chat that are not complete: an import that was killed leaves one. */
export async function giveUpIncompleteFiles(tx: Tx, chatId: string): Promise<void> {
  await tx.execute(sql`
    update files set ${sql.raw(gone)} where chat_id = ${chatId} and message_id is not null and state = 'Uploading'`);
}
