import type { PresenceSignal } from '@fechatter/contract';
import type { Connection } from '../hub/connection.ts';

/** A stream, and what it was told last of each person whom it watches. */
export interface Watch {
  readonly connection: Connection;
  readonly told: Map<string, PresenceSignal | undefined>;
  /** The version of the row that says whom it watches. */
  version: string;
}

/** A person whom streams of this instance watch. */
export interface WatchedPerson {
  readonly userId: string;
  readonly watches: Set<Watch>;
  /** What is told to those who do not see them. */
  readonly offline: PresenceSignal;
  /** As it was read last; the same object while it stays the same. */
  now: PresenceSignal;
}

/** All streams of one person together watch at most so many here; what is more is left out. */
const WATCHED_BY_PERSON_MAX = 2_000;

/** Who watches whom at this instance. */
export class Watches {
  readonly people = new Map<string, WatchedPerson>();
  readonly #byStream = new Map<string, Watch>();

  of(streamId: string): Watch | undefined {
    return this.#byStream.get(streamId);
  }

  /** Replaces whom a stream watches: of those who stay, it knows what it was told. */
  set(connection: Connection, userIds: readonly string[], version: string): void {
    const watch = this.#byStream.get(connection.streamId) ?? { connection, told: new Map(), version };
    watch.version = version;
    this.#byStream.set(connection.streamId, watch);
    const wanted = new Set(userIds.slice(0, this.#roomFor(watch)));
    for (const userId of watch.told.keys()) if (!wanted.has(userId)) this.#unwatch(watch, userId);
    for (const userId of wanted) {
      const person = this.people.get(userId) ?? personOf(userId);
      this.people.set(userId, person);
      person.watches.add(watch);
      // Its present state follows, also of those whom it watched before.
      watch.told.set(userId, undefined);
    }
  }

  delete(streamId: string): void {
    const watch = this.#byStream.get(streamId);
    if (watch === undefined) return;
    this.#byStream.delete(streamId);
    for (const userId of watch.told.keys()) this.#unwatch(watch, userId);
  }

  #unwatch(watch: Watch, userId: string): void {
    watch.told.delete(userId);
    const person = this.people.get(userId);
    person?.watches.delete(watch);
    if (person?.watches.size === 0) this.people.delete(userId);
  }

  #roomFor(watch: Watch): number {
    let others = 0;
    for (const { streamId } of watch.connection.reader.connections)
      if (streamId !== watch.connection.streamId) others += this.#byStream.get(streamId)?.told.size ?? 0;
    return Math.max(0, WATCHED_BY_PERSON_MAX - others);
  }
}

function personOf(userId: string): WatchedPerson {
  const offline: PresenceSignal = { kind: 'presence', userId, presence: 'offline', customStatus: null };
  return { userId, watches: new Set(), offline, now: offline };
}
