import { useEffect, useState } from 'react';
import type { EmojiRow } from './emoji-row.ts';

let table: Promise<readonly EmojiRow[]> | undefined;

/** All Unicode emoji: 50 KB that are loaded when they are first needed. */
function emojiTable(): Promise<readonly EmojiRow[]> {
  table ??= import('virtual:emoji-table').then(
    ({ default: rows }) => rows,
    (error: unknown) => {
      // Offline, say: the next attempt loads it.
      table = undefined;
      throw error;
    },
  );
  return table;
}

/** The same; undefined until they have been loaded, or while `isWanted` is false. */
export function useEmojiTable(isWanted = true): readonly EmojiRow[] | undefined {
  const [rows, setRows] = useState<readonly EmojiRow[]>();
  useEffect(() => {
    if (!isWanted) return undefined;
    let isMounted = true;
    emojiTable().then(
      (read) => isMounted && setRows(read),
      () => {},
    );
    return () => {
      isMounted = false;
    };
  }, [isWanted]);
  return rows;
}
