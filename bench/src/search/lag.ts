import { createMessageCipher, createNotifier } from '@fechatter/drizzle';
import type pg from 'pg';
import { setTimeout as wait } from 'node:timers/promises';
import { paced } from '../latency/paced.ts';
import { idAt } from './corpus.ts';
import type { Vocabulary } from './made-texts.ts';

const STATEMENTS_PER_SECOND = 50;
const POLL_MS = 10;
const FOUND_WITHIN_MS = 120_000;
/** One of this many statements is followed into the index. */
const FOLLOWED = 5;

export interface SendingOptions {
  readonly pool: pg.Pool;
  readonly chatIds: readonly string[];
  readonly senderId: string;
  readonly encryptionKey: Buffer;
  readonly vocabulary: Vocabulary;
}

/** Sends at a steady rate as a server does; returns how long after its commit each followed message was in the index. */
export async function lagsAt(
  { pool, chatIds, senderId, encryptionKey, vocabulary }: SendingOptions,
  { perSecond, forMs }: { readonly perSecond: number; readonly forMs: number },
): Promise<readonly number[]> {
  const cipher = createMessageCipher([{ id: 1, key: encryptionKey }]);
  const notifier = createNotifier(pool);
  const lagsMs: number[] = [];
  const followed: Promise<void>[] = [];
  let turn = 0;
  const follow = async (id: string) => {
    const committedAtMs = performance.now();
    for (;;) {
      const { rows } = await pool.query('select from message_search where message_id = $1 limit 1', [id]);
      const tookMs = performance.now() - committedAtMs;
      if (rows.length > 0) return void lagsMs.push(tookMs);
      if (tookMs > FOUND_WITHIN_MS) throw new Error(`a message is not in the index after ${FOUND_WITHIN_MS} ms`);
      await wait(POLL_MS);
    }
  };
  await paced(STATEMENTS_PER_SECOND, forMs, async () => {
    const statement = turn++;
    const size = Math.round(perSecond / STATEMENTS_PER_SECOND);
    // Statements that run at once have no chat in common, as the lanes of a server's queue.
    const messages = Array.from({ length: size }, (_, n) => ({
      chatId: chatIds[(statement * size + n) % chatIds.length] ?? '',
      id: idAt(Date.now()),
      content: vocabulary.next().content,
    }));
    await pool.query(
      `select from send_batch($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[], null, 'brief', 0)`,
      [
        messages.map(({ chatId }) => chatId),
        messages.map(() => senderId),
        messages.map(({ id }) => id),
        messages.map(({ id }) => id),
        messages.map(({ chatId, id, content }) => cipher.seal(chatId, id, content)),
        messages.map(() => Buffer.alloc(32)),
      ],
    );
    notifier.notify();
    const last = messages.at(-1);
    if (last !== undefined && statement % FOLLOWED === 0) followed.push(follow(last.id));
  });
  await Promise.all(followed);
  return lagsMs;
}
