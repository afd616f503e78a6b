import { createMessageCipher } from '@fechatter/drizzle';
import type { Chance } from '@fechatter/testing/chance';
import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { type BenchPerson, insertChats } from '../system/people.ts';
import type { MadeText, Vocabulary } from './made-texts.ts';

/** People who are in that many chats. */
export const CHAT_COUNTS = [10, 100, 1_000] as const;
const [, , CHATS] = CHAT_COUNTS;
const ROWS_A_STATEMENT = 5_000;
const FIRST_MS = Date.UTC(2025, 0, 1);
const YEAR_MS = 365 * 86_400_000;

export interface CorpusOptions {
  readonly pool: pg.Pool;
  readonly workspaceId: string;
  /** One for each number of chats. */
  readonly people: readonly BenchPerson[];
  readonly encryptionKey: Buffer;
  readonly messages: number;
  readonly vocabulary: Vocabulary;
  readonly chance: Chance;
}

export interface Corpus {
  readonly chatIds: readonly string[];
}

interface MadeMessage extends MadeText {
  readonly id: string;
  readonly chatId: string;
  readonly seq: number;
  readonly sentMs: number;
}

/**
 * Writes messages of one year: sealed as the server seals them, and again in plain text, for Postgres' own search. The
 * first chats are the large ones: ten of a thousand have a tenth of all messages. They have no events.
 */
export async function writeCorpus(options: CorpusOptions): Promise<Corpus> {
  const { pool, people, encryptionKey, messages, vocabulary, chance } = options;
  const chatIds = await makeChats(options);
  const cipher = createMessageCipher([{ id: 1, key: encryptionKey }]);
  const senderId = people.at(-1)?.userId ?? '';
  const lastSeqs = chatIds.map(() => 1);
  await pool.query('create table clear_messages (id uuid primary key, chat_id uuid, content text, words tsvector)');
  for (let written = 0; written < messages; written += ROWS_A_STATEMENT) {
    const rows = Array.from({ length: Math.min(ROWS_A_STATEMENT, messages - written) }, (_, n): MadeMessage => {
      const sentMs = FIRST_MS + Math.floor(((written + n) / messages) * YEAR_MS);
      const at = Math.floor(CHATS * (chance.below(1e6) / 1e6) ** 2);
      const seq = (lastSeqs[at] = (lastSeqs[at] ?? 1) + 1);
      return { ...vocabulary.next(), id: idAt(sentMs), chatId: chatIds[at] ?? '', seq, sentMs };
    });
    const [ids, ofChats] = [rows.map(({ id }) => id), rows.map(({ chatId }) => chatId)];
    await Promise.all([
      pool.query(
        `insert into messages (id, chat_id, seq, number, version, sender_id, client_id, mac, body, created_at)
         select id, chat_id, seq, seq - 1, seq, $1, id, $2, body, to_timestamp(ms / 1000)
         from unnest($3::uuid[], $4::uuid[], $5::int[], $6::bytea[], $7::float8[]) m (id, chat_id, seq, body, ms)`,
        [
          senderId,
          Buffer.alloc(32),
          ids,
          ofChats,
          rows.map(({ seq }) => seq),
          rows.map(({ chatId, id, content }) => cipher.seal(chatId, id, content)),
          rows.map(({ sentMs }) => sentMs),
        ],
      ),
      pool.query(
        `insert into clear_messages (id, chat_id, content, words)
         select id, chat_id, content,
           to_tsvector('simple', content) || case when has_link then '''has:link'''::tsvector else '' end
         from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bool[]) m (id, chat_id, content, has_link)`,
        [ids, ofChats, rows.map(({ content }) => content), rows.map(({ hasLink }) => hasLink)],
      ),
    ]);
  }
  await pool.query(
    `update chat_heads h set last_seq = n.seq, last_number = n.seq - 1
     from unnest($1::uuid[], $2::int[]) n (chat_id, seq) where n.chat_id = h.chat_id`,
    [chatIds, lastSeqs],
  );
  return { chatIds };
}

async function makeChats({ pool, workspaceId, people }: CorpusOptions): Promise<readonly string[]> {
  const chatIds = Array.from({ length: CHATS }, () => randomUUID());
  await insertChats(pool, workspaceId, people[0]?.userId, chatIds);
  for (const [at, count] of CHAT_COUNTS.entries())
    await pool.query(
      `insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
       select c, $1, 'Member', 1, 0, 0 from unnest($2::uuid[]) c`,
      [people[at]?.userId, chatIds.slice(0, count)],
    );
  return chatIds;
}

/** An id as a server makes it at this time (UUIDv7). */
export function idAt(timeMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(timeMs, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
