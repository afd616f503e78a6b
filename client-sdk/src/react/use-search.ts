import { useCallback, useEffect, useRef, useState } from 'react';
import type { FechatterClient } from '../create-fechatter.ts';
import type { SearchHit } from '../wire.ts';

/** What to search for: the input of `message.search` without its cursor. */
export type SearchInput = Omit<Parameters<FechatterClient['message']['search']['query']>[0], 'cursor'>;

/** What a search has found so far. */
export interface SearchView {
  /** Newest first, each with the matching ranges of its content. */
  readonly hits: readonly SearchHit[];
  readonly isSearching: boolean;
  /** Whether `loadMore` can find more. */
  readonly hasMore: boolean;
  /** How far back the search has got; null: it has searched everything. */
  readonly searchedBackTo: Date | null;
  /** Why the last page could not be read; `loadMore` tries again. */
  readonly error: unknown;
  readonly loadMore: () => void;
}

type Found = Omit<SearchView, 'loadMore' | 'hasMore'> & { readonly cursor: string | null };
const NOTHING: Found = { hits: [], isSearching: false, searchedBackTo: null, error: undefined, cursor: null };

/**
 * Searches messages, page by page: the first page at once, and whenever the input changes; further ones by `loadMore`.
 * The result of an input that has changed meanwhile is dropped. Without an input nothing is searched. While a person
 * types, pass the input only a moment after the last key: each search counts in `limits.heavyPerMinute`.
 */
export function useSearch(client: FechatterClient, input: SearchInput | undefined): SearchView {
  const key = JSON.stringify(input);
  const [found, setFound] = useState<Found>(NOTHING);
  const running = useRef<AbortController>(undefined);

  const read = useCallback(
    (before: Found) => {
      running.current?.abort();
      if (input === undefined) return setFound(NOTHING);
      const own = new AbortController();
      running.current = own;
      setFound({ ...before, isSearching: true, error: undefined });
      const { cursor, hits } = before;
      const search = async () => {
        try {
          const page = await client.message.search.query(
            { ...input, ...(cursor !== null && { cursor }) },
            { signal: own.signal },
          );
          const { searchedBackTo, nextCursor } = page;
          if (own.signal.aborted) return;
          const all = [...hits, ...page.hits];
          setFound({ hits: all, isSearching: false, searchedBackTo, error: undefined, cursor: nextCursor });
        } catch (error) {
          if (!own.signal.aborted) setFound({ ...before, isSearching: false, error });
        }
      };
      void search();
    },
    [client, key],
  );
  useEffect(() => {
    read(NOTHING);
    return () => running.current?.abort();
  }, [read]);

  const { cursor, ...view } = found;
  const loadMore = useCallback(() => {
    if (!found.isSearching && (found.cursor !== null || found.error !== undefined)) read(found);
  }, [read, found]);
  return { ...view, hasMore: cursor !== null, loadMore };
}
