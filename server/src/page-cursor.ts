import { isUtf8 } from 'node:buffer';
import { limits } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';

/**
 * How one list is paged. `Place` is what the cursor stores of a page's last entry: the values that order the list,
 * because the entry may have others, or be gone, when the next page is read.
 */
export interface Pages<Row, Place> {
  /**
   * Where the page begins; undefined: at the beginning. Throws invalid_cursor for a cursor that is not of this list.
   */
  place(cursor: string | undefined): Place | undefined;
  /** The cursor of the page that begins after a place. */
  cursor(place: Place): string;
  /** How many rows to read: one more than the page has, which shows whether another follows. */
  rowsOf(limit: number | undefined): number;
  cut(rows: readonly Row[], limit: number | undefined): { page: readonly Row[]; nextCursor: string | null };
}

/** A cursor is opaque to clients: the list's name and the place, in base64url. */
export function pagesOf<Row, Place>(
  list: string,
  place: z.ZodType<Place>,
  placeOf: (row: Row) => Place,
): Pages<Row, Place> {
  const Token = z.tuple([z.literal(list), place]);
  const cursorOf = (of: Place) => Buffer.from(JSON.stringify([list, of])).toString('base64url');
  return {
    place(cursor) {
      if (cursor === undefined) return undefined;
      const token = Token.safeParse(parsed(cursor));
      if (!token.success) throw refuse('invalid_cursor');
      return token.data[1];
    },
    cursor: cursorOf,
    rowsOf: (limit) => sizeOf(limit) + 1,
    cut(rows, limit) {
      const page = rows.slice(0, sizeOf(limit));
      const last = page.at(-1);
      const hasMore = rows.length > page.length && last !== undefined;
      return { page, nextCursor: hasMore ? cursorOf(placeOf(last)) : null };
    },
  };
}

const sizeOf = (limit: number | undefined) => limit ?? limits.pageDefault;

function parsed(cursor: string): unknown {
  try {
    const bytes = Buffer.from(cursor, 'base64url');
    return isUtf8(bytes) ? JSON.parse(bytes.toString()) : undefined;
  } catch {
    return undefined;
  }
}
