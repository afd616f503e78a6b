import { servingGeneration, type Database, searchGenerations, type SearchMaking } from '@fechatter/drizzle';
import { createTokenizer, type IndexOptions, type Tokenizer } from '@fechatter/search';

/** The generation that serves queries, with its tokenizer. */
export interface SearchedGeneration extends IndexOptions {
  readonly gen: number;
  /** Undefined: its key is not in the ring. */
  readonly tokenizer: Tokenizer | undefined;
}

/** A server's state for searches. */
export interface Searches {
  /** The generation that serves queries now; undefined: no worker has begun one. */
  generation(): Promise<SearchedGeneration | undefined>;
  /** Counts a page by how it ended. */
  ended(how: SearchEnd): void;
  readonly counts: Readonly<Record<SearchEnd, number>>;
}
/** `complete`: everything was searched; `full`: the page is; `cut`: candidates or time ran out. */
export type SearchEnd = 'complete' | 'full' | 'cut';

export function createSearches(
  db: Database,
  ring: readonly { readonly id: number; readonly key: Uint8Array }[],
): Searches {
  const tokenizers = new Map<number, Tokenizer>();
  const counts = { complete: 0, full: 0, cut: 0 };
  let kept: { readonly begunMs: number; readonly generation: SearchedGeneration } | undefined;
  const tokenizerOf = (keyId: number): Tokenizer | undefined => {
    const key = ring.find(({ id }) => id === keyId)?.key;
    const tokenizer = tokenizers.get(keyId) ?? (key && createTokenizer(key));
    if (tokenizer !== undefined) tokenizers.set(keyId, tokenizer);
    return tokenizer;
  };
  const prepared = (gen: number, { keyId, stopWords, hasPrefixes }: SearchMaking): SearchedGeneration => ({
    gen,
    stopWords: new Set(stopWords),
    hasPrefixes,
    tokenizer: tokenizerOf(keyId),
  });
  return {
    counts,
    ended: (how) => void counts[how]++,
    async generation() {
      const serving = await servingGeneration(db);
      if (serving === undefined) return undefined;
      if (kept?.generation.gen === serving.gen && kept.begunMs === serving.begunMs) return kept.generation;
      const [first] = await searchGenerations(db.tables);
      if (first === undefined) return undefined;
      const generation = prepared(first.gen, first.making);
      // Another may have come into use between the two reads.
      if (first.gen === serving.gen) kept = { begunMs: serving.begunMs, generation };
      return generation;
    },
  };
}
