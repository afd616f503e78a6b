import { createMessageCipher } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { type BenchPerson, insertChats } from '../system/people.ts';

/** A workspace whose people are in 10, 100 and 1,000 chats, and whose history grows. */
export interface History {
  /** The chat that has half of all messages. */
  readonly largeChatId: string;
  /** Grows the history to this many messages in all. */
  growTo(messages: number): Promise<void>;
  /** A message in the middle of the large chat. */
  middle(): Promise<string>;
}

export const CHAT_COUNTS = [10, 100, 1_000] as const;
const [, , CHATS] = CHAT_COUNTS;
const NEWEST = 60;
const BODY_BYTES = 92;

/**
 * Old messages are rows without a text (with as many bytes elsewhere), because only a holder of the key can write one;
 * the newest of each chat, and a page of them in the large chat, are sent normally. Old messages have no events: the
 * length of the log depends on time, not on the history.
 */
export async function startHistory(
  pool: pg.Pool,
  workspaceId: string,
  people: readonly BenchPerson[],
  encryptionKey: Buffer,
): Promise<History> {
  const chatIds = Array.from({ length: CHATS }, () => randomUUID());
  const [largeChatId = ''] = chatIds;
  const sender = people.at(-1)?.userId;
  await insertChats(pool, workspaceId, sender, chatIds);
  for (const [index, count] of CHAT_COUNTS.entries()) {
    await pool.query(
      `insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
       select c, $1, 'Member', 1, 0, 0 from unnest($2::uuid[]) c`,
      [people[index]?.userId, chatIds.slice(0, count)],
    );
  }
  await pool.query('create sequence bench_ids');
  const cipher = createMessageCipher([{ id: 1, key: encryptionKey }]);
  let written = 0;

  const sendAsEver = async (targets: readonly string[]) => {
    const messages = targets.map((chatId) => ({ chatId, id: randomUUID() }));
    await pool.query(
      `select from send_batch($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[], null, 'brief', 0)`,
      [
        messages.map(({ chatId }) => chatId),
        messages.map(() => sender),
        messages.map(() => randomUUID()),
        messages.map(({ id }) => id),
        messages.map(({ chatId, id }) => cipher.seal(chatId, id, 'A message of about the length that people write.')),
        messages.map(() => Buffer.alloc(32)),
      ],
    );
    written += messages.length;
  };

  return {
    largeChatId,
    async growTo(messages) {
      const missing = messages - written - CHATS - NEWEST;
      const each = Math.floor(missing / 2 / (CHATS - 1));
      const counts = [largeChatId, missing - each * (CHATS - 1), each];
      await pool.query(
        `insert into messages (id, chat_id, seq, number, version, sender_id, client_id, mac)
         select n.id, h.chat_id, h.last_seq + g, h.last_number + g, h.last_seq + g, $4, n.id, $5
         from chat_heads h
         cross join lateral generate_series(1, case when h.chat_id = $1 then $2::int else $3::int end) g
         cross join lateral (
           select ('01900000-0000-7000-8000-' || lpad(to_hex(nextval('bench_ids') + 0 * g), 12, '0'))::uuid as id) n`,
        [...counts, sender, Buffer.alloc(BODY_BYTES + 32)],
      );
      await pool.query(
        `update chat_heads h set last_seq = h.last_seq + n.count, last_number = h.last_number + n.count
         from (select chat_id, case when chat_id = $1 then $2::int else $3::int end as count from chat_heads) n
         where n.chat_id = h.chat_id`,
        counts,
      );
      written += missing;
      await sendAsEver(chatIds);
      await sendAsEver(Array.from({ length: NEWEST }, () => largeChatId));
      await pool.query('select log_step()');
      await pool.query('vacuum analyze');
      await pool.query('checkpoint');
    },
    async middle() {
      const { rows } = await pool.query<{ id: string }>(
        'select m.id from chat_heads h join messages m on m.chat_id = h.chat_id and m.seq = h.last_seq / 2 where h.chat_id = $1',
        [largeChatId],
      );
      if (rows[0] === undefined) throw new Error('the large chat has no middle');
      return rows[0].id;
    },
  };
}
