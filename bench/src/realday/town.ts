import { createMessageCipher } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { type BenchPerson, insertChats, makePeople, makeWorkspace } from '../system/people.ts';
import { chatSizes } from './action-mix.ts';

/** A chat of the town, with the indexes of its members among the people. */
export interface TownChat {
  readonly id: string;
  readonly isChannel: boolean;
  readonly members: readonly number[];
}

export interface Town {
  readonly workspaceId: string;
  readonly people: readonly BenchPerson[];
  /** The chats of each person, in the order of the people. */
  readonly chatsOf: readonly (readonly TownChat[])[];
}

const MESSAGES_A_CHAT = 20;
/** Of the history, one message in this many begins a thread: the next round's message replies to it. */
const THREAD_EVERY = 6;
const BATCH = 500;

/** Makes people in one workspace, with the chats that the mix gives them and a history in each. */
export async function makeTown(
  pool: pg.Pool,
  {
    count,
    texts,
    encryptionKey,
  }: { readonly count: number; readonly texts: readonly string[]; readonly encryptionKey: Buffer },
): Promise<Town> {
  const people = await makePeople(pool, count);
  const workspaceId = await makeWorkspace(pool, people);
  const chats: TownChat[] = chatSizes.flatMap(({ kind, members, aPerson }) =>
    Array.from({ length: Math.ceil((count * aPerson) / members) }, (_, n) => ({
      id: randomUUID(),
      isChannel: kind === 'channel',
      // The members of each chat begin at a later person; the stride covers everyone.
      members: [
        ...new Set(Array.from({ length: Math.min(members, count) }, (__, at) => (n * members + at * (at + 3)) % count)),
      ],
    })),
  );
  const ids = chats.map(({ id }) => id);
  await insertChats(pool, workspaceId, people[0]?.userId, ids);
  const places = chats.flatMap(({ id, members }) => members.map((at) => [id, people[at]?.userId] as const));
  await pool.query(
    `insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
     select p.chat_id, p.user_id, 'Member', 1, 0, 0 from unnest($1::uuid[], $2::uuid[]) p (chat_id, user_id)`,
    [places.map(([id]) => id), places.map(([, userId]) => userId)],
  );
  await fill(pool, chats, people, texts, encryptionKey);
  await pool.query('vacuum analyze');
  const chatsOf: TownChat[][] = people.map(() => []);
  for (const chat of chats) for (const at of chat.members) chatsOf[at]?.push(chat);
  return { workspaceId, people, chatsOf };
}

async function fill(
  pool: pg.Pool,
  chats: readonly TownChat[],
  people: readonly BenchPerson[],
  texts: readonly string[],
  encryptionKey: Buffer,
): Promise<void> {
  const cipher = createMessageCipher([{ id: 1, key: encryptionKey }]);
  let sent = 0;
  const roots = new Map<string, string>();
  for (let round = 0; round < MESSAGES_A_CHAT; round++) {
    for (let from = 0; from < chats.length; from += BATCH) {
      const messages = chats.slice(from, from + BATCH).map(({ id: chatId, members }) => ({
        chatId,
        id: randomUUID(),
        userId: people[members[round % members.length] ?? 0]?.userId,
        text: texts[sent++ % texts.length] ?? '',
        threadId: round % THREAD_EVERY === 1 ? roots.get(chatId) : undefined,
      }));
      if (round % THREAD_EVERY === 0) for (const { chatId, id } of messages) roots.set(chatId, id);
      await pool.query(
        `select from send_batch($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[], $7::jsonb[], 'brief', 0)`,
        [
          messages.map(({ chatId }) => chatId),
          messages.map(({ userId }) => userId),
          messages.map(() => randomUUID()),
          messages.map(({ id }) => id),
          messages.map(({ chatId, id, text }) => cipher.seal(chatId, id, text)),
          messages.map(() => Buffer.alloc(32)),
          messages.map(({ threadId }) => (threadId === undefined ? null : JSON.stringify({ thread_id: threadId }))),
        ],
      );
    }
  }
}
