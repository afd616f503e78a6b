import { createTokenizer, type Tokenizer } from '@fechatter/search';

/** What a server keeps for searches. */
export interface Searches {
  /** The tokenizer of a key of the ring; undefined: it is not in the ring. */
  tokenizer(keyId: number): Tokenizer | undefined;
  /** Counts a page by how it ended. */
  ended(how: SearchEnd): void;
  readonly counts: Readonly<Record<SearchEnd, number>>;
}
/** `complete`: everything was looked at; `full`: the page is; `cut`: candidates or time ran out. */
export type SearchEnd = 'complete' | 'full' | 'cut';

export function createSearches(ring: readonly { readonly id: number; readonly key: Uint8Array }[]): Searches {
  const tokenizers = new Map<number, Tokenizer>();
  const counts = { complete: 0, full: 0, cut: 0 };
  return {
    counts,
    ended: (how) => void counts[how]++,
    tokenizer(keyId) {
      const key = ring.find(({ id }) => id === keyId)?.key;
      const tokenizer = tokenizers.get(keyId) ?? (key && createTokenizer(key));
      if (tokenizer !== undefined) tokenizers.set(keyId, tokenizer);
      return tokenizer;
    },
  };
}
