import { type Database, forgetInIndex, isUnavailable, sql, type Tx } from '@fechatter/drizzle';
import { type Change, makeChange } from '@fechatter/server/change';
import { NIL } from 'uuid';
import type { JobDeps } from './job.ts';

const ROWS_A_TRANSACTION = 500;
const CHATS_A_READ = 100;

/**
 * Purges messages that are older than their workspace's retention. Their content is deleted and their rows stay, so
 * that numbers have no gaps and older events still find them. A chat is purged from its beginning, over all timelines,
 * up to the first message that is within the retention; each batch announces the seq and number that it reached.
 * Imported messages are as old as their import. It can be stopped anywhere, and run by several processes.
 */
export async function purgeExpired(deps: Pick<JobDeps, 'notifier' | 'db' | 'log'>, signal: AbortSignal): Promise<void> {
  for (let after: string = NIL; ; ) {
    const chatIds = await chatsWithExpired(deps.db, after);
    for (const chatId of chatIds) {
      if (signal.aborted) return;
      await purgeChat(deps, chatId, signal).catch((error: unknown) => {
        if (isUnavailable(error)) throw error;
        deps.log.error({ err: error, chatId }, 'a chat cannot be purged; continuing with the others');
      });
      after = chatId;
    }
    if (chatIds.length < CHATS_A_READ) return;
  }
}

// Reads only the oldest remaining message of each chat.
const chatsSql = `
  select c.id from workspaces w
  join chat_heads h on h.workspace_id = w.id
  join chats c on c.id = h.chat_id and c.deleted_at is null
  cross join lateral (
    select m.created_at from messages m where m.chat_id = c.id and m.seq > c.purged_seq order by m.seq limit 1) oldest
  where w.retention_days is not null and w.deleted_at is null and c.id > $1
    and greatest(oldest.created_at, c.imported_at) < now() - make_interval(days => w.retention_days)
  order by c.id limit $2`;

async function chatsWithExpired({ pool }: Database, after: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'chats-with-expired-messages',
    text: chatsSql,
    values: [after, CHATS_A_READ],
  });
  return rows.map(({ id }) => id);
}

async function purgeChat(
  deps: Pick<JobDeps, 'notifier' | 'db' | 'log'>,
  chatId: string,
  signal: AbortSignal,
): Promise<void> {
  let purged = 0;
  for (let looked = ROWS_A_TRANSACTION; looked === ROWS_A_TRANSACTION && !signal.aborted; )
    looked = await makeChange({ deps }, async (change) => {
      await change.lockChats([chatId]);
      const expired = await nextExpired(change.tx, chatId);
      purged += await purgeBatch(change, chatId, expired);
      return expired.length;
    });
  if (purged > 0) deps.log.info({ chatId, messages: purged }, 'expired messages purged');
}

interface Expired extends Record<string, unknown> {
  readonly id: string;
  readonly seq: string;
  readonly number: string;
  readonly thread_id: string | null;
  readonly is_deleted: boolean;
}

/** At most 500 of the oldest messages, up to the first one to keep, by the workspace's current retention. */
async function nextExpired(tx: Tx, chatId: string): Promise<Expired[]> {
  const { rows } = await tx.execute<Expired>(sql`
    with oldest as materialized (
      select m.id, m.seq, m.number, m.thread_id, m.deleted_at is not null as is_deleted,
        greatest(m.created_at, c.imported_at) < now() - make_interval(days => w.retention_days) as is_expired
      from chats c
      join workspaces w on w.id = c.workspace_id and w.retention_days is not null and w.deleted_at is null
      cross join lateral (
        select * from messages x where x.chat_id = c.id and x.seq > c.purged_seq order by x.seq limit ${ROWS_A_TRANSACTION}) m
      where c.id = ${chatId} and c.deleted_at is null)
    select id, seq, number, thread_id, is_deleted from oldest
    where seq < all (select seq from oldest where not is_expired) order by seq`);
  return rows;
}

/** Returns how many messages lost their content. */
async function purgeBatch(change: Change, chatId: string, expired: readonly Expired[]): Promise<number> {
  const last = expired.at(-1);
  if (last === undefined) return 0;
  const ids = expired.filter((message) => !message.is_deleted).map(({ id }) => id);
  if (ids.length > 0) {
    const throughSeq = Number(last.seq);
    const facts = { throughNumber: await mainNumberAt(change.tx, chatId, expired), throughSeq };
    const left = await repliesOfChangedThreads(change.tx, ids, throughSeq);
    const version = change.announceInChat(chatId, 'chat.purged', { facts });
    for (const { id, thread_id: threadId } of left)
      change.announceInChat(chatId, 'message.deleted', { subjectId: id, facts: { threadId } });
    await change.tx.execute(sql`
      update messages set body = null, version = ${version}, deleted_at = clock_timestamp()
      where id = any (${sql.param(ids)}::uuid[])`);
    await forgetInIndex(change.tx, ids);
  }
  await change.tx.execute(sql`update chats set purged_seq = ${last.seq}::bigint where id = ${chatId}`);
  return ids.length;
}

/** The number of the newest message of the main timeline among the expired ones, or before them. */
async function mainNumberAt(tx: Tx, chatId: string, expired: readonly Expired[]): Promise<number> {
  const newest = expired.findLast(({ thread_id: threadId }) => threadId === null);
  if (newest !== undefined) return Number(newest.number);
  const { rows } = await tx.execute<{ number: string }>(sql`
    select m.number from messages m where m.chat_id = ${chatId} and m.thread_id is null and m.seq < ${expired[0]?.seq ?? 0}::bigint
    order by m.seq desc limit 1`);
  return Number(rows[0]?.number ?? 0);
}

/**
 * One purged reply of each thread whose summary a client cannot derive from the purge: a thread that last changed
 * before \`throughSeq\` has no reply left; for any other thread the root must announce the number of remaining replies.
 */
async function repliesOfChangedThreads(tx: Tx, ids: readonly string[], throughSeq: number) {
  const { rows } = await tx.execute<{ id: string; thread_id: string }>(sql`
    select distinct on (m.thread_id) m.id, m.thread_id from messages m join threads t on t.root_id = m.thread_id
    where m.id = any (${sql.param([...ids])}::uuid[]) and t.version > ${throughSeq}
    order by m.thread_id, m.seq desc`);
  return rows;
}
