import { forgetInIndex, type SearchGeneration, sql, type Tx } from '@fechatter/drizzle';
import type { StoredText, TokenMaker } from './token-maker.ts';

/**
 * A part that has more messages is followed by a new one: a fresh index is faster to write, and the newest parts are
 * searched first.
 */
const PART_MESSAGES_MAX = 250_000;

/**
 * Making the tokens of long texts takes a while; smaller statements keep the transaction from being idle for too long.
 */
const ROWS_A_STATEMENT = 25;

interface Part extends Record<string, unknown> {
  readonly part: number;
  readonly from_id: string;
  readonly messages: number;
}

export interface WriteOptions {
  readonly maker: TokenMaker;
  readonly generations: readonly SearchGeneration[];
  readonly messageIds: readonly string[];
  /** Set by the walk that fills a generation; other callers skip messages that the walk has not reached. */
  readonly isWalk?: boolean;
  readonly partMessagesMax?: number;
}

/**
 * Updates the index for these messages from their current state, in a transaction that holds the consumer's row:
 * messages with content are written, the others removed.
 */
export async function writeIndex(
  tx: Tx,
  { maker, generations, messageIds, isWalk = false, partMessagesMax = PART_MESSAGES_MAX }: WriteOptions,
): Promise<void> {
  if (messageIds.length === 0 || generations.length === 0) return;
  const ids = sql.param(messageIds);
  const { rows } = await tx.execute<StoredText>(sql`
    select id, chat_id, sender_id, version, body, coalesce(parts ? 'files', false) as has_files from messages where id = any (${ids}::uuid[]) and body is not null order by id`);
  const written = new Set(rows.map(({ id }) => id));
  const gone = messageIds.filter((id) => !written.has(id));
  await forgetInIndex(tx, gone);
  for (const generation of generations) {
    const { gen, making, state } = generation;
    const parts = await partsOf(tx, gen);
    const wanted = rows.filter(({ id }) => isWalk || id <= generation.walkedTo || id > generation.walkEnd);
    const entries: Entry[] = [];
    for (let at = 0; at < wanted.length; at += ROWS_A_STATEMENT) {
      const slice = wanted.slice(at, at + ROWS_A_STATEMENT).flatMap((row) => {
        const tokens = maker.tokensOf(making, row);
        // Without its key a generation in use cannot be searched anyway; one that is being built would lack these
        // messages for ever.
        if (tokens === undefined && state === 'Building')
          throw new Error(`encryption.keys lacks key ${making.keyId}, which an index of messages is built with`);
        const part = parts.findLast(({ from_id: from }) => from < row.id);
        return tokens === undefined || part === undefined ? [] : [{ row, tokens, part }];
      });
      await writeEntries(tx, slice);
      entries.push(...slice);
    }
    await cutFullParts(tx, generation, parts, entries, partMessagesMax);
  }
}

async function partsOf(tx: Tx, gen: number): Promise<readonly Part[]> {
  const { rows } = await tx.execute<Part>(
    sql`select part, from_id, messages from search_parts where gen = ${gen} order by from_id`,
  );
  return rows;
}

interface Entry {
  readonly row: StoredText;
  readonly tokens: readonly number[];
  readonly part: Part;
}

async function writeEntries(tx: Tx, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.execute(sql`
    insert into message_search as s (part, message_id, version, tokens)
    select part, id, version, tokens::int[] from unnest(
      ${sql.param(entries.map(({ part }) => part.part))}::int[], ${sql.param(entries.map(({ row }) => row.id))}::uuid[],
      ${sql.param(entries.map(({ row }) => row.version))}::bigint[],
      ${sql.param(entries.map(({ tokens }) => `{${tokens.join(',')}}`))}::text[]) e (part, id, version, tokens)
    on conflict (message_id, part) do update set version = excluded.version, tokens = excluded.tokens
    where s.version < excluded.version`);
}

/**
 * Counts the written messages. A full part is followed by a new one behind its last message, if it is the newest part
 * or the one that the walk is filling. Parts of the walk get their index of tokens later (see indexFullPart).
 */
async function cutFullParts(
  tx: Tx,
  { gen, state, walkEnd }: SearchGeneration,
  parts: readonly Part[],
  entries: readonly Entry[],
  partMessagesMax: number,
): Promise<void> {
  for (const [at, part] of parts.entries()) {
    const own = entries.filter((entry) => entry.part === part).length;
    if (own === 0) continue;
    await tx.execute(sql`update search_parts set messages = messages + ${own} where part = ${part.part}`);
    const next = parts[at + 1];
    const isOpen = next === undefined || (state === 'Building' && next.from_id === walkEnd);
    if (!isOpen || part.messages + own < partMessagesMax) continue;
    const addPart =
      state === 'Building' && part.from_id < walkEnd ? sql`search_add_unindexed_part` : sql`search_add_part`;
    await tx.execute(sql`
      select ${addPart}(${gen}, message_id) from (
        select message_id from message_search where part = ${part.part} order by message_id desc limit 1) last`);
  }
}
