import { decodeCursor } from '@fechatter/contract';
import type { Queryable } from '@fechatter/drizzle';

/** A client that follows from further back gets many events, and at some point a reset. */
const BEHIND_MAX = 5_000;

const nearEnd = {
  name: 'cursor-near-end',
  text: `select o.nonce, (select pos from log_order order by pos desc limit 1) - o.pos as behind from log_order o where o.pos = $1`,
};

/**
 * Whether a client can follow the events from this token on: its row is still there, and is that of its history, and few
 * have come since. Otherwise a list with this token would be read again and again by a client that was told to reset.
 */
export async function isNearEnd(db: Queryable, token: string): Promise<boolean> {
  const cursor = decodeCursor(token);
  if (cursor === undefined) return false;
  const { rows } = await db.query<{ nonce: number; behind: number }>({ ...nearEnd, values: [cursor.pos] });
  return rows[0]?.nonce === cursor.nonce && rows[0].behind < BEHIND_MAX;
}
