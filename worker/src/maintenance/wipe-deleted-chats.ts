import { type Database, forgetInIndex, inTransaction, sql } from '@fechatter/drizzle';
import type { JobDeps } from './job.ts';

const ROWS_A_TRANSACTION = 500;
const CHATS_A_READ = 100;

/**
 * Wipes the content of deleted chats, and of chats of deleted workspaces, also of those whose import was not finished: the
 * bodies of their messages in batches, then their names. It can be stopped anywhere, run again, and run by several processes at once. Nobody can see these chats
 * any more, so nothing is announced.
 */
export async function wipeDeletedChats({ db, log }: Pick<JobDeps, 'db' | 'log'>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const chatIds = await unwipedChats(db);
    for (const chatId of chatIds) {
      if (!(await wipeMessages(db, chatId, signal))) return;
      await db.pool.query(
        "update chats set name = '', topic = null, request_mac = null, wiped_at = now() where id = $1",
        [chatId],
      );
      log.info({ chatId }, 'deleted chat wiped');
    }
    if (chatIds.length === CHATS_A_READ) continue;
    await wipeUnfinishedImports({ db, log }, signal);
    return;
  }
}

/** They have no row in `chats`. An import that is still running ends with its next batch. */
async function wipeUnfinishedImports({ db, log }: Pick<JobDeps, 'db' | 'log'>, signal: AbortSignal): Promise<void> {
  const { rows } = await db.pool.query<{ id: string }>(
    `select i.id from import_map i join workspaces w on w.id = i.workspace_id and w.deleted_at is not null
     where i.kind = 'Chat' and i.finished_at is null order by i.id limit $1`,
    [CHATS_A_READ],
  );
  for (const { id: chatId } of rows) {
    if (!(await wipeMessages(db, chatId, signal))) return;
    await db.pool.query(
      `update files set state = 'Gone', sealed_name = null, wrapped_key = null
       where chat_id = $1 and message_id is not null and state <> 'Gone'`,
      [chatId],
    );
    await db.pool.query(`update import_map set finished_at = clock_timestamp() where kind = 'Chat' and id = $1`, [
      chatId,
    ]);
    log.info({ chatId }, 'the unfinished import of a chat wiped');
  }
}

async function unwipedChats(db: Database): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>(
    `select c.id from chats c join workspaces w on w.id = c.workspace_id
     where c.wiped_at is null and (c.deleted_at is not null or w.deleted_at is not null) order by c.id limit $1`,
    [CHATS_A_READ],
  );
  return rows.map(({ id }) => id);
}

/** False: stopped before the end. */
async function wipeMessages(db: Database, chatId: string, signal: AbortSignal): Promise<boolean> {
  for (let wipedSeq: number | null = 0; wipedSeq !== null; wipedSeq = await wipeBatch(db, chatId, wipedSeq))
    if (signal.aborted) return false;
  return true;
}

/** Wipes the next messages after `afterSeq`; returns the seq that it reached, or null at the end. */
function wipeBatch(db: Database, chatId: string, afterSeq: number): Promise<number | null> {
  return inTransaction(db, async (tx) => {
    await tx.execute(sql`select 1 from chat_heads where chat_id = ${chatId} for no key update`);
    const { rows } = await tx.execute<{ seq: string | null; ids: string[] | null }>(sql`
      with batch as materialized (
        select id, seq from messages where chat_id = ${chatId} and seq > ${afterSeq} and body is not null
        order by seq limit ${ROWS_A_TRANSACTION}),
      wiped as (
        update messages m set body = null, deleted_at = coalesce(m.deleted_at, clock_timestamp())
        from batch where m.id = batch.id)
      select max(seq) as seq, array_agg(id) as ids from batch`);
    await forgetInIndex(tx, rows[0]?.ids ?? []);
    const seq = rows[0]?.seq ?? null;
    return seq === null ? null : Number(seq);
  });
}
