import type { MessageCipher } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { WrkRequest } from '../load/wrk.ts';
import type { Sender } from './pgbench.ts';

const MESSAGES = 20;
const EMOJI = '👍';
/** The same text as in the benchmark of sends. */
export const CONTENT = 'A message of about the length that people write to each other.';

/**
 * Every person reacts to each of some messages and then removes the reactions, so that every request changes something.
 * The two requests of one reaction are further apart than the number in flight.
 */
export async function reactionRequests(
  pool: pg.Pool,
  people: readonly Sender[],
  tokens: ReadonlyMap<string, string>,
  cipher: MessageCipher,
): Promise<WrkRequest[]> {
  const ids = Array.from({ length: MESSAGES }, () => randomUUID());
  const { chatId = '', userId = '' } = people[0] ?? {};
  await pool.query(
    `select from send_batch($1::uuid[], $2::uuid[], $3::uuid[], $3::uuid[], $4::bytea[], $4::bytea[], null, 'wait', 0)`,
    [ids.map(() => chatId), ids.map(() => userId), ids, ids.map((id) => cipher.seal(chatId, id, CONTENT))],
  );
  const round = (verb: 'react' | 'unreact') =>
    ids.flatMap((messageId) =>
      people.map(({ userId: by }) => ({
        method: 'POST' as const,
        path: `/trpc/message.${verb}?batch=1`,
        token: tokens.get(by) ?? '',
        text: JSON.stringify({ 0: { json: { chatId, messageId, emoji: EMOJI } } }),
      })),
    );
  return [...round('react'), ...round('unreact')];
}
