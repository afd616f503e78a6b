import { useEffect, useRef, useState } from 'react';
import { explained } from './explained.ts';

export interface Page<T> {
  readonly rows: readonly T[];
  readonly nextCursor: string | null;
}

export interface Pages<T> {
  /** Undefined until the first page has arrived. */
  readonly rows: readonly T[] | undefined;
  readonly problem: string | undefined;
  /** Reads the next page; undefined if there is none. */
  readonly more: (() => void) | undefined;
  /** Reads the list again from the first page. */
  readonly askAgain: () => void;
}

/** Reads a list page by page, and from its beginning for each `about`; for lists that no event keeps up to date. */
export function usePages<T>(ask: (cursor?: string) => Promise<Page<T>>, about: string): Pages<T> {
  const [pages, setPages] = useState<Page<T>>();
  const [problem, setProblem] = useState<string>();
  /** Grows with each call; the result of an older one is dropped. */
  const newest = useRef(0);
  const isBusy = useRef(false);

  const read = async (before?: Page<T>) => {
    const round = (newest.current += 1);
    isBusy.current = true;
    try {
      const page = await ask(before?.nextCursor ?? undefined);
      if (round !== newest.current) return;
      setPages({ ...page, rows: [...(before?.rows ?? []), ...page.rows] });
      setProblem(undefined);
    } catch (error) {
      const sentence = await explained(error);
      if (round === newest.current) setProblem(sentence);
    } finally {
      if (round === newest.current) isBusy.current = false;
    }
  };
  useEffect(() => {
    void read();
    return () => void (newest.current += 1);
  }, [about]);

  const hasMore = pages !== undefined && pages.nextCursor !== null;
  return {
    rows: pages?.rows,
    problem,
    more: hasMore ? () => void (isBusy.current || read(pages)) : undefined,
    askAgain: () => void read(),
  };
}
