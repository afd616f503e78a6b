import { type Database, forgetInIndex, inTransaction, sql } from '@fechatter/drizzle';
import { giveUpFiles } from './give-up-file.ts';

const ROWS_A_TRANSACTION = 500;

/**
 * Deletes the chats of a source whose import was interrupted, with everything in them; they were never visible. It can
 * be interrupted too. Returns how many chats there were.
 */
export async function discardUnfinished(db: Database, workspaceId: string, source: string): Promise<number> {
  const { rows } = await db.pool.query<{ id: string }>(
    `select i.id from import_map i where i.workspace_id = $1 and i.source = $2 and i.kind = 'Chat' and i.finished_at is null
       and not exists (select from chats c where c.id = i.id) order by i.id`,
    [workspaceId, source],
  );
  for (const { id } of rows) {
    await giveUpFiles(db, id);
    while (await discardSome(db, id));
    await db.pool.query(
      `with unmapped as (delete from import_map where workspace_id = $1 and kind = 'Chat' and id = $2),
       forgotten as (delete from import_members where chat_id = $2)
       delete from chat_heads where chat_id = $2`,
      [workspaceId, id],
    );
  }
  return rows.length;
}

/** Returns whether there may be more. */
const discardSome = (db: Database, chatId: string): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    await tx.execute(sql`select from chat_heads where chat_id = ${chatId} for no key update`);
    const { rows } = await tx.execute<{ id: string }>(sql`
      delete from messages where id in (
        select id from messages where chat_id = ${chatId} order by seq desc limit ${ROWS_A_TRANSACTION}) returning id`);
    const ids = rows.map(({ id }) => id);
    const gone = sql`any (${sql.param(ids)}::uuid[])`;
    await tx.execute(sql`delete from reactions where message_id = ${gone}`);
    await tx.execute(sql`delete from mentions where message_id = ${gone}`);
    await tx.execute(sql`delete from pins where message_id = ${gone}`);
    await tx.execute(sql`delete from threads where root_id = ${gone}`);
    await forgetInIndex(tx, ids);
    return rows.length === ROWS_A_TRANSACTION;
  });
