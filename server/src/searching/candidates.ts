import type { Database } from '@fechatter/drizzle';
import type { Tokenizer } from '@fechatter/search';
import { setImmediate as turn } from 'node:timers/promises';

/** The query of the index, for chats whose tokens are known. */
export interface IndexQuery {
  readonly gen: number;
  readonly tokens: readonly number[];
  readonly ends: readonly number[];
}

/** The number of chats whose tokens are made in one turn of the event loop. */
const CHATS_A_TURN = 500;

/** The tokens of each group of names, in each of the chats. */
export async function indexQueryOf(
  tokenizer: Tokenizer,
  gen: number,
  chatIds: readonly string[],
  groups: readonly (readonly string[])[],
): Promise<IndexQuery> {
  const ofGroups: number[][] = groups.map(() => []);
  for (const [at, chatId] of chatIds.entries()) {
    if (at % CHATS_A_TURN === CHATS_A_TURN - 1) await turn();
    for (const [place, names] of groups.entries()) ofGroups[place]?.push(...tokenizer.tokensOf(chatId, names));
  }
  let end = 0;
  return { gen, tokens: ofGroups.flat(), ends: ofGroups.map((tokens) => (end += tokens.length)) };
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
