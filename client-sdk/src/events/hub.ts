import type { ErrorReport } from '../report-error.ts';
import type { EventCounts, KnownSeqs } from './gap-detection.ts';
import type { Arrival } from './event.ts';
import { Connection, type ConnectionDetails, type ConnectionOptions, type ConnectionStatus } from './connection.ts';
import type { Listener } from './listener.ts';

/**
 * Shares one connection among all listeners. Who wants events from another place than where it stands gets a second
 * one for a while: at the first place that both pass, its listeners move over and it is closed.
 */
export class EventHub {
  readonly #options: ConnectionOptions;
  readonly #listeners = new Map<Connection, Set<Listener>>();
  /** Who wants events from now on while the connection still brings older ones. */
  readonly #waiting = new Set<Listener>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
    options.keeper.onEnd((_, error) => {
      for (const connection of Array.from(this.#listeners.keys()))
        this.#end(connection, error === undefined ? {} : { error });
    });
  }

  /** Where what callbacks of the app throw goes. */
  get report(): ErrorReport {
    return this.#options.report;
  }

  get counts(): EventCounts {
    return { ...this.#options.counts };
  }

  /** How many connections are open now: one, two for a moment, none without listeners. */
  get connections(): number {
    return this.#listeners.size;
  }

  join(listener: Listener, known?: KnownSeqs): void {
    const { place } = listener;
    const connections = [...this.#listeners.keys()];
    const connection =
      place === undefined ? connections[0] : connections.find((connection) => connection.place === place);
    listener.isBehind = false;
    if (connection === undefined) this.#listeners.set(this.#open(place, known), new Set([listener]));
    else {
      this.#listeners.get(connection)?.add(listener);
      if (known !== undefined) connection.gaps.expect(known);
      if (place === undefined && !connection.wasLive) this.#waiting.add(listener);
      if (connection.status === 'live') this.#welcome(listener, connection);
      else listener.onStatus(connection.status, connection.details);
    }
  }

  leave(listener: Listener): void {
    this.#waiting.delete(listener);
    for (const [connection, listeners] of this.#listeners)
      if (listeners.delete(listener) && listeners.size === 0) this.#close(connection);
  }

  /** A slow one: it comes back from its own place when it has handled what it has. */
  #leaveBehind(listener: Listener): void {
    this.leave(listener);
    listener.isBehind = true;
  }

  #open(since: string | undefined, known: KnownSeqs | undefined): Connection {
    const connection: Connection = new Connection(this.#options, since, {
      onArrival: (arrival) => this.#hand(connection, arrival),
      onStatus: (status, details) => this.#tell(connection, status, details),
      onEnd: (error) => this.#end(connection, { error }),
    });
    if (known !== undefined) connection.gaps.expect(known);
    return connection;
  }

  #welcome(listener: Listener, connection: Connection): void {
    listener.onStatus('live', connection.details);
    const event = { kind: 'ready' as const, cursor: connection.place ?? '', resumed: listener.place !== undefined };
    listener.give({ event, token: connection.place });
  }

  #hand(connection: Connection, arrival: Arrival): void {
    for (const listener of this.#listeners.get(connection) ?? []) {
      if (this.#waiting.has(listener)) {
        if (arrival.event?.kind !== 'ready') continue;
        this.#waiting.delete(listener);
      }
      listener.give(arrival);
      if (listener.isFull) this.#leaveBehind(listener);
    }
    if (this.#listeners.size > 1) this.#merge(connection);
  }

  /** Two that stand at the same place have given the same: the younger one's listeners move to the older one. */
  #merge(connection: Connection): void {
    const [older, younger] = [...this.#listeners.keys()].filter(
      ({ status, place }) => status === 'live' && place === connection.place,
    );
    if (older === undefined || younger === undefined) return;
    for (const listener of this.#listeners.get(younger) ?? []) this.#listeners.get(older)?.add(listener);
    this.#close(younger);
  }

  #close(connection: Connection): void {
    this.#listeners.delete(connection);
    connection.stop();
  }

  #tell(connection: Connection, status: ConnectionStatus, details: ConnectionDetails): void {
    for (const listener of this.#listeners.get(connection) ?? []) listener.onStatus(status, details);
  }

  #end(connection: Connection, end: { readonly error?: unknown }): void {
    const listeners = this.#listeners.get(connection) ?? [];
    this.#close(connection);
    for (const listener of listeners) listener.end(end);
  }
}
