import { canSee, type Cursor } from '@fechatter/contract';
import { replayWindow } from '@fechatter/drizzle';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { EntryFrames } from '../hub/entry-frames.ts';
import type { Connection } from '../hub/connection.ts';
import { loadEntries } from './stored-access.ts';
import type { Streams } from './streams.ts';

const RING_BATCH = 200;
/** How much is written at a time: less than the smallest limit at which a slow reader is cut. */
const WRITE_BYTES = 32_768;
/** A client that takes nothing of its replay for this long is cut. */
const DRAIN_MAX_MS = 30_000;
const FRESH_WAIT_MS = 1_000;

/** The outcome of a replay: all of it was written; the log was pruned before anything was written; or it broke off. */
export type ReplayOutcome = 'done' | 'forgotten' | 'broken';

/** What a reader sees after one position and up to another. */
interface Window {
  readonly frames: readonly EntryFrames[];
  /** Everything up to here was checked. */
  readonly through: Cursor;
}

/**
 * Writes what a connection's reader sees after `from` and up to `to`, as fast as its socket accepts it. A window is
 * read when the socket has drained, and dropped when the socket accepts no more: readers that stop reading hold none.
 */
export async function replay(
  streams: Streams,
  connection: Connection,
  from: Cursor,
  to: Cursor,
): Promise<ReplayOutcome> {
  let at = from;
  while (at.pos < to.pos) {
    if (!(await untilFresh(streams.hub, connection))) return 'broken';
    const step = await replayStep(streams, connection, at, to);
    if (step === 'forgotten') return at === from ? 'forgotten' : 'broken';
    if (step === 'over' || !(await connection.transport.drained(DRAIN_MAX_MS))) return 'broken';
    at = step;
  }
  return 'done';
}

/**
 * Writes a part of the missing events, and returns the position reached; content that is not in memory is read when its
 * turn comes.
 */
async function replayStep(
  streams: Streams,
  connection: Connection,
  at: Cursor,
  to: Cursor,
): Promise<Cursor | 'forgotten' | 'over'> {
  const cached = cachedWindow(streams, connection, at, to);
  if (cached !== undefined) return writeWindow(streams, connection, at, cached);
  return streams.slots.run(connection.session.id, async () => {
    if (connection.isGone()) return 'over';
    const window = isInRing(streams, at)
      ? await ringWindow(streams, connection, at, to)
      : await logWindow(streams, connection, at, to);
    return window === undefined ? 'forgotten' : writeWindow(streams, connection, at, window);
  });
}

const isInRing = ({ ring }: Streams, at: Cursor): boolean => ring.nonceAt(at.pos) === at.nonce;

/** The next window, if the ring and the cache have all of it. */
function cachedWindow(streams: Streams, { reader }: Connection, at: Cursor, to: Cursor): Window | undefined {
  const { ring, cache } = streams;
  if (!isInRing(streams, at)) return undefined;
  const positions = ring.visibleTo(reader, at, to);
  const frames: EntryFrames[] = [];
  for (const pos of positions.slice(0, RING_BATCH)) {
    const cached = cache.get(pos);
    if (cached === undefined) return undefined;
    frames.push(cached);
  }
  return windowOf(frames, positions, to);
}

/**
 * The next window, found in the ring; undefined if a part of it was pruned from the log: the ring may reach further
 * back.
 */
async function ringWindow(
  { ring, cache, db, rendering }: Streams,
  { reader }: Connection,
  at: Cursor,
  to: Cursor,
): Promise<Window | undefined> {
  const positions = ring.visibleTo(reader, at, to);
  const taken = positions.slice(0, RING_BATCH);
  const found = new Map<number, EntryFrames>();
  const missing = new Map<number, number | undefined>();
  for (const pos of taken) {
    const cached = cache.get(pos);
    if (cached === undefined) missing.set(pos, ring.nonceAt(pos));
    else found.set(pos, cached);
  }
  if (missing.size > 0) {
    const { drops } = cache;
    for (const entry of await loadEntries(db, [...missing.keys()])) {
      // In another history this position has a different row: the tail notices a moment later.
      if (entry.nonce !== missing.get(entry.pos)) continue;
      const frames = new EntryFrames(entry, rendering);
      cache.add(frames, drops);
      found.set(entry.pos, frames);
    }
  }
  const frames = taken.flatMap((pos) => found.get(pos) ?? []);
  return frames.length === taken.length ? windowOf(frames, positions, to) : undefined;
}

function windowOf(frames: readonly EntryFrames[], positions: readonly number[], to: Cursor): Window {
  return { frames, through: frames.length === positions.length ? to : (frames.at(-1)?.entry ?? to) };
}

async function logWindow(
  { db, rendering }: Streams,
  { reader }: Connection,
  at: Cursor,
  to: Cursor,
): Promise<Window | undefined> {
  const { isAnchored, isComplete, entries, through } = await replayWindow(
    db,
    reader.userId,
    at,
    to.pos,
    reader.ended.afterMs,
  );
  if (!isAnchored || !isComplete) return undefined;
  return { frames: entries.map((entry) => new EntryFrames(entry, rendering)), through };
}

/**
 * Writes under the lease, and checks rights again in the turn of the write: content that was revoked after it was read
 * is not shown. Returns the position reached: not the end of the window if the lease expired or the socket is full; the
 * rest is read again, because its content is old by then.
 */
async function writeWindow(
  { hub, turn }: Streams,
  connection: Connection,
  at: Cursor,
  { frames, through }: Window,
): Promise<Cursor | 'over'> {
  const { reader, transport } = connection;
  let done = 0;
  while (done < frames.length) {
    if (connection.isGone() || connection.isMuted) return 'over';
    if (!hub.isFresh) break;
    for (let bytes = 0; bytes < WRITE_BYTES && done < frames.length; done++) {
      const next = frames[done];
      if (next === undefined || !canSee(reader, next.row)) continue;
      const frame = next.for(reader.userId);
      bytes += transport.bytesOf(frame);
      transport.send(frame);
    }
    turn.flush();
    if (transport.isBackedUp) break;
    if (done < frames.length) await nextTurn();
  }
  if (connection.isGone()) return 'over';
  return done === frames.length ? through : (frames[done - 1]?.entry ?? at);
}

/**
 * Waits for the lease; false if the connection has ended. In the turn in which it returns true, content may be written.
 */
export async function untilFresh(hub: Streams['hub'], connection: Connection): Promise<boolean> {
  while (!connection.isGone() && !hub.isFresh) await hub.afterNextRead(FRESH_WAIT_MS);
  return !connection.isGone() && !connection.isMuted;
}
