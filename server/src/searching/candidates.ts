import type { Database } from '@fechatter/drizzle';
import type { Tokenizer } from '@fechatter/search';
import { setImmediate as turn } from 'node:timers/promises';

/** The query of the index, for chats whose tokens are known. */
export interface IndexQuery {
  readonly gen: number;
  readonly tokens: readonly number[];
  /** For each chunk of chats: where the tokens of each group end. */
  readonly ends: readonly (readonly number[])[];
}

/** The number of scans whose tokens are made in one turn of the event loop. */
const SCANS_A_TURN = 8;
/** The number of tokens of a group that one scan of the index looks for; its cost grows with the square. */
const TOKENS_A_SCAN = 64;

/** The tokens of each group of names, in each of the chats. */
export async function indexQueryOf(
  tokenizer: Tokenizer,
  gen: number,
  chatIds: readonly string[],
  groups: readonly (readonly string[])[],
): Promise<IndexQuery> {
  const tokens: number[] = [];
  const ends: number[][] = [];
  const namesMax = Math.max(1, ...groups.map((names) => names.length));
  const chatsAScan = Math.max(1, Math.floor(TOKENS_A_SCAN / namesMax));
  for (let from = 0; from < chatIds.length; from += chatsAScan) {
    if (ends.length % SCANS_A_TURN === SCANS_A_TURN - 1) await turn();
    const chunk = chatIds.slice(from, from + chatsAScan);
    ends.push(groups.map((names) => tokens.push(...chunk.flatMap((chatId) => tokenizer.tokensOf(chatId, names)))));
  }
  return { gen, tokens, ends };
}

/** Candidate messages, newest first. */
export interface Candidates {
  readonly ids: readonly string[];
  /** There may be more before this id; undefined: there are none. */
  readonly moreBefore: string | undefined;
}

export async function candidates(
  { pool }: Database,
  { gen, tokens, ends }: IndexQuery,
  place: { readonly before: string; readonly after: string; readonly limit: number; readonly budgetMs: number },
): Promise<Candidates> {
  const { rows } = await pool.query<{ message_id: string; is_candidate: boolean }>({
    name: 'search-candidates',
    text: 'select message_id, is_candidate from search_candidates($1, $2, $3, $4, $5, $6, $7)',
    values: [gen, place.before, place.after, place.limit, tokens, ends, place.budgetMs],
  });
  const ids = rows.filter((row) => row.is_candidate).map((row) => row.message_id);
  const marker = rows.find((row) => !row.is_candidate)?.message_id;
  // The part that the marker names was searched completely, including its first message.
  return { ids, moreBefore: ids.length === place.limit ? ids.at(-1) : marker };
}
