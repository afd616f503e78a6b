import type { PresenceSignal } from '@fechatter/contract';
import type { Queryable } from '@fechatter/drizzle';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Hub } from '../hub/hub.ts';
import { signalFrame } from '../signals/signal-frame.ts';
import type { WriteTurn } from '../transport/write-turn.ts';
import type { Frame } from '../wire/frame.ts';
import { loadPresence, loadSeen, type SeenPair } from './stored-presence.ts';
import type { Watch, WatchedPerson, Watches } from './watches.ts';

export interface SendOptions {
  readonly db: Queryable;
  readonly hub: Pick<Hub, 'position' | 'isFresh'>;
  readonly turn: WriteTurn;
  readonly watches: Watches;
}

const PEOPLE_MAX = 1_000;
const PAIRS_MAX = 5_000;
/** How long one turn of the event loop may send. */
const TURN_MS = 5;

/** A person, and the watchers who may have to receive a change. */
interface Due {
  readonly person: WatchedPerson;
  readonly watching: readonly Watch[];
}

/**
 * Reads the presence of people who are watched here, decides who can see them, and sends each stream what differs from
 * what it got last. Streams that are up to date are skipped, unless `checksAccess`: the cost of one more stream does not
 * depend on how many others watch the same people.
 */
export async function sendChanges(
  options: SendOptions,
  userIds: Iterable<string>,
  checksAccess: boolean,
): Promise<void> {
  const ids = [...userIds].filter((userId) => options.watches.people.has(userId));
  for (let at = 0; at < ids.length; at += PEOPLE_MAX)
    await sendSomeChanges(options, ids.slice(at, at + PEOPLE_MAX), checksAccess);
}

async function sendSomeChanges(options: SendOptions, userIds: readonly string[], checksAccess: boolean): Promise<void> {
  const { db, watches } = options;
  for (const signal of await loadPresence(db, userIds)) {
    const person = watches.people.get(signal.userId);
    if (person !== undefined && !isSame(person.now, signal))
      person.now = isSame(person.offline, signal) ? person.offline : signal;
  }
  const all: Due[] = [];
  for (const userId of userIds) {
    const person = watches.people.get(userId);
    if (person === undefined) continue;
    const watching = [...person.watches].filter((watch) => checksAccess || watch.sent.get(userId) !== person.now);
    if (watching.length > 0) all.push({ person, watching });
  }
  const seen = await seenOf(db, all);
  await sendAll(options, all, (watch, person) => {
    const isSeen = person.now !== person.offline && seen.has(keyOf(watch, person));
    return isSeen ? person.now : person.offline;
  });
}

/** Which watchers can see whom; people who are offline for all are left out. */
async function seenOf(db: Queryable, all: readonly Due[]): Promise<ReadonlySet<string>> {
  const pairsByKey = new Map<string, SeenPair>();
  for (const { person, watching } of all) {
    if (person.now === person.offline) continue;
    for (const watch of watching)
      pairsByKey.set(keyOf(watch, person), { viewerId: watch.connection.reader.userId, userId: person.userId });
  }
  const pairs = [...pairsByKey.values()];
  const seen = new Set<string>();
  for (let at = 0; at < pairs.length; at += PAIRS_MAX)
    for (const { viewerId, userId } of await loadSeen(db, pairs.slice(at, at + PAIRS_MAX)))
      seen.add(`${viewerId} ${userId}`);
  return seen;
}

const keyOf = ({ connection }: Watch, { userId }: WatchedPerson) => `${connection.reader.userId} ${userId}`;

/** Sends under the lease, like content; a stream that is backed up gets it at the next read. */
async function sendAll(
  { hub, turn }: SendOptions,
  all: readonly Due[],
  shownTo: (watch: Watch, person: WatchedPerson) => PresenceSignal,
): Promise<void> {
  let turnEndsAtMs = performance.now() + TURN_MS;
  for (const { person, watching } of all) {
    let frames = new Map<PresenceSignal, Frame>();
    for (const watch of watching) {
      const signal = shownTo(watch, person);
      if (watch.sent.get(person.userId) === signal || !watch.connection.takesSignals) continue;
      if (performance.now() > turnEndsAtMs) {
        turn.flush();
        await nextTurn();
        turnEndsAtMs = performance.now() + TURN_MS;
        // The position has moved on meanwhile.
        frames = new Map();
      }
      // It may be gone, or watch another set, by now.
      if (hub.position === undefined || !hub.isFresh) return;
      if (!watch.connection.takesSignals || !watch.sent.has(person.userId)) continue;
      const frame = frames.get(signal) ?? signalFrame(hub.position, signal);
      frames.set(signal, frame);
      watch.connection.transport.send(frame);
      watch.sent.set(person.userId, signal);
    }
  }
  turn.flush();
}

function isSame(a: PresenceSignal, b: PresenceSignal): boolean {
  const [left, right] = [a.customStatus, b.customStatus];
  return (
    a.presence === b.presence &&
    left?.emoji === right?.emoji &&
    left?.text === right?.text &&
    left?.expiresAt?.getTime() === right?.expiresAt?.getTime()
  );
}
