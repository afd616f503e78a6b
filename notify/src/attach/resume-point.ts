import { type Cursor, decodeCursor, type ResetReason } from '@fechatter/contract';
import { countMissed } from '@fechatter/drizzle';
import type { Connection } from '../hub/connection.ts';
import type { Streams } from './streams.ts';
import { lookUpPlace } from './stored-access.ts';

const POSITIONS_MAX = 200_000;
/** For more events than this, reading the state again is faster. */
const EVENTS_MAX = 5_000;
/** How long a stream waits for its instance to reach its token. */
export const BEHIND_WAIT_MS = 2_000;

/** Where a stream begins: now, after its token, or now with a reset. */
export type ResumePoint =
  | { readonly from: 'now' }
  | { readonly from: Cursor }
  | { readonly from: 'reset'; readonly reason: ResetReason };

const unknown: ResumePoint = { from: 'reset', reason: 'cursor_unknown' };
const expired: ResumePoint = { from: 'reset', reason: 'cursor_expired' };
const tooFar: ResumePoint = { from: 'reset', reason: 'too_far_behind' };

/**
 * The position that a token asks for, before anything is read for it. If it is ahead of this instance and the log has
 * it, waits until the instance reaches it; undefined if the instance stays behind, so that the client must try again.
 */
export async function requestedPoint(
  { hub, db, slots, retentionHours }: Streams,
  token: string | undefined,
): Promise<ResumePoint | undefined> {
  if (token === undefined || token === '') return { from: 'now' };
  const cursor = decodeCursor(token);
  if (cursor === undefined) return unknown;
  const isReached = () => cursor.pos <= (hub.position?.pos ?? -1);
  if (isReached()) return { from: cursor };
  const { nonce } = await slots.run(token, () => lookUpPlace(db, cursor.pos, retentionHours));
  if (nonce !== cursor.nonce) return unknown;
  const untilMs = performance.now() + BEHIND_WAIT_MS;
  while (!isReached()) {
    const leftMs = untilMs - performance.now();
    if (leftMs <= 0) return undefined;
    await hub.afterNextRead(leftMs);
  }
  return { from: cursor };
}

/** Checks whether the log can still serve the requested position, and whether it is near enough. */
export async function servedPoint(
  streams: Streams,
  connection: Connection,
  from: Cursor,
  to: Cursor,
): Promise<ResumePoint> {
  const { ring } = streams;
  if (from.pos === to.pos) return from.nonce === to.nonce ? { from } : unknown;
  const nonce = ring.nonceAt(from.pos);
  if (nonce !== undefined) {
    if (nonce !== from.nonce) return unknown;
    const forgotten = forgottenBy(connection, ring.writtenAtMs(from.pos + 1));
    if (forgotten !== undefined) return forgotten;
    return ring.visibleTo(connection.reader, from, to).length > EVENTS_MAX ? tooFar : { from };
  }
  return streams.slots.run(connection.session.id, async () =>
    // A client that has disconnected meanwhile needs no response.
    connection.isGone() ? { from: 'now' } : storedPoint(streams, connection, from, to),
  );
}

/** The same, for a position that is older than the rows in memory. */
async function storedPoint(
  { db, retentionHours }: Streams,
  connection: Connection,
  from: Cursor,
  to: Cursor,
): Promise<ResumePoint> {
  const place = await lookUpPlace(db, from.pos, retentionHours);
  if (place.nonce !== from.nonce) {
    const isForgotten = place.nonce === null && from.pos < (place.firstPos ?? 0);
    return isForgotten ? expired : unknown;
  }
  if (place.isExpired) return expired;
  const forgotten = forgottenBy(connection, place.nextAtMs);
  if (forgotten !== undefined) return forgotten;
  const distance = to.pos - from.pos;
  if (distance > POSITIONS_MAX) return tooFar;
  if (distance <= EVENTS_MAX) return { from };
  const { userId, ended } = connection.reader;
  const missed = await countMissed(db, userId, from.pos, to.pos, EVENTS_MAX, ended.afterMs);
  return missed > EVENTS_MAX ? tooFar : { from };
}

/**
 * The reset for a token that is older than the known memberships that ended: rows that ended other memberships could
 * not be delivered. `nextAtMs` is when the first row after the token was written.
 */
function forgottenBy({ reader }: Connection, nextAtMs: number | null | undefined): ResumePoint | undefined {
  if (nextAtMs === null || nextAtMs === undefined) return expired;
  if (reader.ended.covers(nextAtMs)) return undefined;
  return reader.ended.isCut ? tooFar : expired;
}
