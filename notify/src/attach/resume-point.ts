import { type Cursor, decodeCursor, type ResetReason } from '@fechatter/contract';
import { countMissed } from '@fechatter/drizzle';
import type { Connection } from '../hub/connection.ts';
import type { Streams } from './streams.ts';
import { lookUpPlace } from './stored-access.ts';

const POSITIONS_MAX = 200_000;
/** More events than this are read again faster as state. */
const EVENTS_MAX = 5_000;
const BEHIND_WAIT_MS = 2_000;

/** Where a stream begins: now, behind its token, or now with a reset. */
export type ResumePoint =
  | { readonly from: 'now' }
  | { readonly from: Cursor }
  | { readonly from: 'reset'; readonly reason: ResetReason };

const unknown: ResumePoint = { from: 'reset', reason: 'cursor_unknown' };
const tooFar: ResumePoint = { from: 'reset', reason: 'too_far_behind' };

/**
 * What a token asks for, before anything is read for it. One that is ahead of this instance is waited for, if the log
 * has it; undefined where the instance stays behind, so that its client must try again.
 */
export async function askedPoint(
  { hub, db, slots }: Streams,
  token: string | undefined,
): Promise<ResumePoint | undefined> {
  if (token === undefined || token === '') return { from: 'now' };
  const cursor = decodeCursor(token);
  if (cursor === undefined) return unknown;
  const isReached = () => cursor.pos <= (hub.position?.pos ?? -1);
  if (isReached()) return { from: cursor };
  const { nonce } = await slots.run(token, () => lookUpPlace(db, cursor.pos));
  if (nonce !== cursor.nonce) return unknown;
  const untilMs = performance.now() + BEHIND_WAIT_MS;
  while (!isReached()) {
    const leftMs = untilMs - performance.now();
    if (leftMs <= 0) return undefined;
    await hub.afterNextRead(leftMs);
  }
  return { from: cursor };
}

/** Whether the log can still serve the place that was asked for, and its distance is worth it. */
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
    return ring.visibleTo(connection.reader, from, to).length > EVENTS_MAX ? tooFar : { from };
  }
  return streams.slots.run(connection.session.id, async () =>
    // Who has gone while waiting for a turn needs no answer.
    connection.isGone() ? { from: 'now' } : storedPoint(streams, connection, from, to),
  );
}

/** The same, for a place that is older than what is in memory. */
async function storedPoint({ db }: Streams, connection: Connection, from: Cursor, to: Cursor): Promise<ResumePoint> {
  const place = await lookUpPlace(db, from.pos);
  if (place.nonce !== from.nonce) {
    const isForgotten = place.nonce === null && from.pos < (place.firstPos ?? 0);
    return isForgotten ? { from: 'reset', reason: 'cursor_expired' } : unknown;
  }
  const distance = to.pos - from.pos;
  if (distance > POSITIONS_MAX) return tooFar;
  if (distance <= EVENTS_MAX) return { from };
  const missed = await countMissed(db, connection.reader.userId, from.pos, to.pos, EVENTS_MAX);
  return missed > EVENTS_MAX ? tooFar : { from };
}
