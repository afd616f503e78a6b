import { type Database, forgetInIndex, sql, type Tx } from '@fechatter/drizzle';
import { NIL } from 'uuid';
import type { Deps } from '../deps.ts';
import { type Change, makeChange } from '../change/change.ts';
import { threadFacts } from '../message/thread-facts.ts';

const ROWS_A_TRANSACTION = 500;

/** The position of the walk over a person's messages, in the order of the index that finds repeats. */
interface SentPlace {
  readonly clientId: string;
  readonly chatId: string;
}
interface SentMessage extends SentPlace {
  readonly id: string;
}

/** Wipes all messages that a person sent, and announces each in its chat. False: stopped before the end. */
export async function wipeSentMessages(
  deps: Pick<Deps, 'notifier' | 'db'>,
  userId: string,
  signal: AbortSignal,
): Promise<boolean> {
  for (let place: SentPlace | undefined = { clientId: NIL, chatId: NIL }; place !== undefined; ) {
    if (signal.aborted) return false;
    const batch: SentMessage[] = await sentAfter(deps.db, userId, place);
    if (batch.length > 0) await makeChange({ deps }, (change) => wipeBatch(change, batch));
    place = batch.length === ROWS_A_TRANSACTION ? batch.at(-1) : undefined;
  }
  return true;
}

async function sentAfter({ pool }: Database, userId: string, after: SentPlace): Promise<SentMessage[]> {
  const { rows } = await pool.query<SentMessage>({
    name: 'sent-messages-to-wipe',
    text: `select id, chat_id as "chatId", client_id as "clientId" from messages
      where sender_id = $1 and (client_id, chat_id) > ($2::uuid, $3::uuid) order by client_id, chat_id limit $4`,
    values: [userId, after.clientId, after.chatId, ROWS_A_TRANSACTION],
  });
  return rows;
}

async function wipeBatch(change: Change, batch: readonly SentMessage[]): Promise<void> {
  await change.lockChats([...new Set(batch.map(({ chatId }) => chatId))]);
  const ids = sql.param(batch.map(({ id }) => id));
  const living = await livingOf(change.tx, ids);
  const versions = living.map(({ id, chat_id: chatId, thread_id: threadId }) =>
    change.announceInChat(chatId, 'message.deleted', { subjectId: id, facts: threadFacts(threadId) }),
  );
  const livingIds = sql.param(living.map(({ id }) => id));
  // Also removes the hashes that distinguish a retry from a reused clientId, including those of messages that were
  // deleted before.
  await change.tx.execute(sql`
    update messages m set body = null, mac = '', deleted_at = coalesce(m.deleted_at, clock_timestamp()),
      version = coalesce(n.version, m.version)
    from unnest(${ids}::uuid[]) b (id)
    left join unnest(${livingIds}::uuid[], ${sql.param(versions)}::bigint[]) n (id, version) on n.id = b.id
    where m.id = b.id and (n.id is not null or m.mac <> '' or m.body is not null)`);
  await forgetInIndex(
    change.tx,
    living.map(({ id }) => id),
  );
}

/** In chats that people can see: in one whose import is not finished, an event would take the seq of its next message. */
async function livingOf(tx: Tx, ids: ReturnType<typeof sql.param>) {
  const { rows } = await tx.execute<{ id: string; chat_id: string; thread_id: string | null }>(sql`
    select m.id, m.chat_id, m.thread_id from messages m join chats c on c.id = m.chat_id
    where m.id = any (${ids}::uuid[]) and m.deleted_at is null order by m.chat_id, m.seq`);
  return rows;
}
