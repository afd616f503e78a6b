import type { Reason } from '@fechatter/contract';
import { type TestDatabase, testDatabase } from '@fechatter/drizzle/testing';
import { Refusal } from '@fechatter/service-kit';
import { silentLog } from '@fechatter/service-kit/testing';
import type { SendResult } from '../message/batching/outgoing.ts';
import { createSendQueue, type SendQueue, type SendQueueOptions } from '../message/batching/send-queue.ts';
import { stagedChats } from './staged-chats.ts';

type Given = Partial<Pick<SendQueueOptions, 'log' | 'limitPerMinute' | 'reactionLimitPerMinute'>>;

export interface OpenQueue extends AsyncDisposable {
  readonly queue: SendQueue;
}

/** A queue that notifies no reader of the log. */
export function openQueue(
  database: SendQueueOptions['database'],
  { log = silentLog(), limitPerMinute = 0, reactionLimitPerMinute = 0 }: Given = {},
): OpenQueue {
  const queue = createSendQueue({
    database,
    notifier: { notify: () => {} },
    limitPerMinute,
    reactionLimitPerMinute,
    log,
  });
  return { queue, [Symbol.asyncDispose]: () => queue.close() };
}

/** A queue on its own database, with this many chats that all these users are in. */
export async function stagedQueue({
  chats,
  users,
  ...given
}: Given & { readonly chats: number; readonly users: number }) {
  const database = await testDatabase();
  const stage = await stagedChats((text, values) => database.query(text, values), { chats, users });
  const { queue } = openQueue(database, given);
  return {
    database,
    queue,
    chats: stage.chats,
    users: stage.users,
    async [Symbol.asyncDispose]() {
      await queue.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** Chats whose seqs or numbers have gaps, or whose counters do not match their messages. */
export async function storedProblems(database: TestDatabase): Promise<unknown[]> {
  return database.query(`
    select h.chat_id, h.last_seq, h.last_number, n.*
    from chat_heads h cross join lateral (
      select count(*) as messages, count(distinct m.seq) as seqs, count(distinct m.number) as numbers,
        coalesce(max(m.seq), 0) as max_seq,
        (select count(*) from event_log e where e.chat_id = h.chat_id and e.code = 1) as events,
        (select count(*) from event_log e join messages x on x.id = e.subject_id and x.seq = e.chat_seq
         where e.chat_id = h.chat_id) as told
      from messages m where m.chat_id = h.chat_id) n
    where not (n.messages = h.last_seq and n.messages = h.last_number and n.seqs = n.messages
      and n.numbers = n.messages and n.events = n.messages and n.told = n.messages and n.max_seq = h.last_seq)`);
}

/** The texts stored in a chat, in order; here they are not encrypted. */
export async function storedTexts(database: TestDatabase, chatId: string): Promise<string[]> {
  const rows = await database.query<{ body: Buffer }>('select body from messages where chat_id = $1 order by seq', [
    chatId,
  ]);
  return rows.map(({ body }) => body.toString());
}

/** The reason with which a message was refused, undefined if it was not; anything else is thrown. */
export async function reasonOf(sending: Promise<SendResult>): Promise<Reason | undefined> {
  try {
    await sending;
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

export const pick = <T>(of: readonly [T, ...T[]], n: number): T => of[n % of.length] ?? of[0];
