import type { PresenceSignal } from '@fechatter/contract';
import type { Connection } from '../hub/connection.ts';

/** A stream, and what it received last of each person whom it watches. */
export interface Watch {
  readonly connection: Connection;
  readonly sent: Map<string, PresenceSignal | undefined>;
  /** The version of its row in the database. */
  version: string;
}

/** A person whom streams of this instance watch. */
export interface WatchedPerson {
  readonly userId: string;
  readonly watches: Set<Watch>;
  /** The signal for watchers who cannot see them. */
  readonly offline: PresenceSignal;
  /** The last read presence; the same object while it stays the same. */
  now: PresenceSignal;
}

/** The most people whom all streams of one person watch together; more are left out. */
const WATCHED_BY_PERSON_MAX = 2_000;

/** Who watches whom at this instance. */
export class Watches {
  readonly people = new Map<string, WatchedPerson>();
  readonly #byStream = new Map<string, Watch>();

  of(streamId: string): Watch | undefined {
    return this.#byStream.get(streamId);
  }

  /** Replaces the people whom a stream watches; keeps what it received of those who stay. */
  set(connection: Connection, userIds: readonly string[], version: string): void {
    const watch = this.#byStream.get(connection.streamId) ?? { connection, sent: new Map(), version };
    watch.version = version;
    this.#byStream.set(connection.streamId, watch);
    const wanted = new Set(userIds.slice(0, this.#roomFor(watch)));
    for (const userId of watch.sent.keys()) if (!wanted.has(userId)) this.#unwatch(watch, userId);
    for (const userId of wanted) {
      const person = this.people.get(userId) ?? personOf(userId);
      this.people.set(userId, person);
      person.watches.add(watch);
      // Their present state is sent again, also of people whom it watched before.
      watch.sent.set(userId, undefined);
    }
  }

  delete(streamId: string): void {
    const watch = this.#byStream.get(streamId);
    if (watch === undefined) return;
    this.#byStream.delete(streamId);
    for (const userId of watch.sent.keys()) this.#unwatch(watch, userId);
  }

  #unwatch(watch: Watch, userId: string): void {
    watch.sent.delete(userId);
    const person = this.people.get(userId);
    person?.watches.delete(watch);
    if (person?.watches.size === 0) this.people.delete(userId);
  }

  #roomFor(watch: Watch): number {
    let others = 0;
    for (const { streamId } of watch.connection.reader.connections)
      if (streamId !== watch.connection.streamId) others += this.#byStream.get(streamId)?.sent.size ?? 0;
    return Math.max(0, WATCHED_BY_PERSON_MAX - others);
  }
}

function personOf(userId: string): WatchedPerson {
  const offline: PresenceSignal = { kind: 'presence', userId, presence: 'offline', customStatus: null };
  return { userId, watches: new Set(), offline, now: offline };
}
