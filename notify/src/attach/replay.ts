import { canSee, type Cursor } from '@fechatter/contract';
import { replayWindow } from '@fechatter/drizzle';
import { EntryFrames } from '../hub/entry-frames.ts';
import type { Connection } from '../hub/connection.ts';
import { loadEntries } from './stored-access.ts';
import type { Streams } from './streams.ts';

const RING_BATCH = 200;
/** So much is written before the socket must have drained. */
const WRITE_BYTES = 131_072;
/** A client that takes none of its replay for so long is cut. */
const DRAIN_MAX_MS = 30_000;
const FRESH_WAIT_MS = 1_000;

/** How a replay went: all of it was written; the log forgot it before anything was; or it broke off on the way. */
export type ReplayOutcome = 'done' | 'forgotten' | 'broken';

/** Writes what a connection's reader sees after `from` and up to `to`, as fast as its socket takes it. */
export async function replay(
  streams: Streams,
  connection: Connection,
  from: Cursor,
  to: Cursor,
): Promise<ReplayOutcome> {
  if (from.pos === to.pos) return 'done';
  if (streams.ring.nonceAt(from.pos) === from.nonce) return replayFromRing(streams, connection, from, to);
  return replayFromLog(streams, connection, from, to);
}

async function replayFromRing(
  streams: Streams,
  connection: Connection,
  from: Cursor,
  to: Cursor,
): Promise<ReplayOutcome> {
  const all = streams.ring.visibleTo(connection.reader, from, to);
  let positions = all;
  while (positions.length > 0) {
    if (!(await untilFresh(streams.hub, connection))) return 'broken';
    const batch = await framesAt(streams, connection, positions.slice(0, RING_BATCH));
    // The ring may remember more than the log.
    if (batch === undefined) return positions === all ? 'forgotten' : 'broken';
    const written = await writeJudged(streams, connection, batch);
    if (written === undefined) return 'broken';
    positions = positions.slice(written);
  }
  return 'done';
}

async function framesAt(
  { cache, slots, db, rendering }: Streams,
  connection: Connection,
  positions: readonly number[],
): Promise<readonly EntryFrames[] | undefined> {
  const found = new Map<number, EntryFrames>();
  for (const pos of positions) {
    const cached = cache.get(pos);
    if (cached !== undefined) found.set(pos, cached);
  }
  const missing = positions.filter((pos) => !found.has(pos));
  if (missing.length > 0) {
    const { epoch } = cache;
    for (const entry of await slots.run(connection.session.id, () => loadEntries(db, missing))) {
      const frames = new EntryFrames(entry, rendering);
      cache.add(frames, epoch);
      found.set(entry.pos, frames);
    }
  }
  const inOrder = positions.flatMap((pos) => found.get(pos) ?? []);
  return inOrder.length === positions.length ? inOrder : undefined;
}

async function replayFromLog(
  streams: Streams,
  connection: Connection,
  from: Cursor,
  to: Cursor,
): Promise<ReplayOutcome> {
  const { hub, slots, db, rendering } = streams;
  const { userId } = connection.reader;
  for (let at = from; at.pos < to.pos; ) {
    if (!(await untilFresh(hub, connection))) return 'broken';
    const place = at;
    const window = await slots.run(connection.session.id, () => replayWindow(db, userId, place, to.pos));
    if (!window.isAnchored || !window.isComplete) return at === from ? 'forgotten' : 'broken';
    const batch = window.entries.map((entry) => new EntryFrames(entry, rendering));
    const written = await writeJudged(streams, connection, batch);
    if (written === undefined) return 'broken';
    at = written === batch.length ? window.through : (batch[written - 1]?.entry ?? at);
  }
  return 'done';
}

/**
 * Writes under the lease, and judged once more in the turn of the write: what the tail took away after the content was
 * read is not shown. Returns how many were dealt with: fewer where the lease ran out, and the rest must be read again,
 * because its content is old by then; undefined where the connection is over.
 */
async function writeJudged(
  { hub, turn }: Streams,
  connection: Connection,
  batch: readonly EntryFrames[],
): Promise<number | undefined> {
  const { reader, outlet } = connection;
  let done = 0;
  while (done < batch.length) {
    if (connection.isGone() || connection.isMuted) return undefined;
    if (!hub.isFresh) return done;
    for (let bytes = 0; bytes < WRITE_BYTES && done < batch.length; done++) {
      const frames = batch[done];
      if (frames === undefined || !canSee(reader, frames.row)) continue;
      const frame = frames.for(reader.userId);
      bytes += outlet.bytesOf(frame);
      outlet.send(frame);
    }
    turn.flush();
    if (!(await outlet.drained(DRAIN_MAX_MS))) return undefined;
  }
  return connection.isGone() ? undefined : done;
}

/** Waits for the lease; false where the connection is over. In the turn in which it returns true, content may go out. */
export async function untilFresh(hub: Streams['hub'], connection: Connection): Promise<boolean> {
  while (!connection.isGone() && !hub.isFresh) await hub.afterNextRead(FRESH_WAIT_MS);
  return !connection.isGone() && !connection.isMuted;
}
