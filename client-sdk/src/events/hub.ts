import type { ErrorReport } from '../report-error.ts';
import { openTabShare } from '../tabs/open-tab-share.ts';
import type { TabPlatform } from '../tabs/tab-platform.ts';
import type { TabShare } from '../tabs/tab-share.ts';
import type { EventCounts, KnownSeqs } from './gap-detection.ts';
import { type Arrival, isSignal } from './event.ts';
import { Connection, type ConnectionDetails, type ConnectionOptions, type ConnectionStatus } from './connection.ts';
import type { HubListener } from './listener.ts';
import { comparePlaces } from './place.ts';
import { StreamWatches, type StreamWatchesOptions } from './stream-watches.ts';

export interface EventHubOptions extends Omit<ConnectionOptions, 'tabs'> {
  /** Asks a stream of this session to watch the presence of people. */
  readonly watch: StreamWatchesOptions['watch'];
  /** What tabs share a stream with; undefined if each tab has its own. */
  readonly platform?: TabPlatform | undefined;
}

/** A browser opens only six connections to an origin, and calls need some of them. */
const CONNECTIONS_MAX = 3;

interface Queued {
  readonly listener: HubListener;
  readonly known: KnownSeqs | undefined;
}

/**
 * Shares one connection among all listeners. A listener that wants events from another position gets a second
 * connection for a while. As soon as both are live, the one that is ahead is closed, and its listeners move to the
 * other one, which delivers to them only what they have not had.
 */
export class EventHub {
  readonly #options: EventHubOptions;
  readonly #listeners = new Map<Connection, Set<HubListener>>();
  /** Listeners that want events from now on while the connection still delivers older ones. */
  readonly #waiting = new Set<HubListener>();
  /** Listeners that are ahead of their connection. */
  readonly #ahead = new Set<HubListener>();
  /** Listeners that need a connection while the maximum is open. */
  readonly #queued: Queued[] = [];
  readonly #locals = new Set<HubListener>();
  readonly #streams: StreamWatches;
  #watched: readonly string[] = [];
  #tabs: TabShare | undefined;

  constructor(options: EventHubOptions) {
    this.#options = options;
    const wanted = () => [...(this.#tabs?.watchedByOthers ?? []), ...this.#watched];
    this.#streams = new StreamWatches({ wanted, watch: options.watch });
    options.keeper.onEnd((_, error) => {
      const end = error === undefined ? {} : { error };
      for (const { listener } of this.#queued.splice(0)) this.#notifyEnd(listener, end);
      for (const connection of Array.from(this.#listeners.keys())) this.#end(connection, end);
    });
  }

  /** Reports what callbacks of the app throw. */
  get report(): ErrorReport {
    return this.#options.report;
  }

  get counts(): EventCounts {
    return { ...this.#options.counts };
  }

  /** How many connections are open now: one, briefly two, none without listeners. */
  get connections(): number {
    return this.#listeners.size;
  }

  join(listener: HubListener, known?: KnownSeqs): void {
    const { place } = listener;
    if (listener.isLocal) this.#enter(listener);
    const connections = [...this.#listeners.keys()];
    const connection =
      place === undefined ? connections[0] : connections.find((connection) => connection.place === place);
    listener.isBehind = false;
    if (connection !== undefined) this.#add(listener, connection, known);
    else if (connections.length < CONNECTIONS_MAX) this.#listeners.set(this.#open(place, known), new Set([listener]));
    else this.#queued.push({ listener, known });
  }

  /** Sets the people whose presence this client receives; replaces those of the previous call. */
  watch(userIds: readonly string[]): void {
    this.#watched = userIds;
    this.#tabs?.sendWatched();
    this.#streams.changed();
  }

  leave(listener: HubListener): void {
    this.#remove(listener);
    this.#exit(listener);
  }

  /** This tab shares with the others as long as it has a listener of its own. */
  #enter(listener: HubListener): void {
    const { platform, notifyUrl, keeper, inactivityMs } = this.#options;
    this.#locals.add(listener);
    this.#tabs ??= openTabShare({
      platform,
      notifyUrl,
      session: keeper.current,
      inactivityMs,
      join: (remote) => this.join(remote),
      leave: (remote) => this.#remove(remote),
      watched: () => this.#watched,
      onWatched: () => this.#streams.changed(),
      onChange: () => {
        for (const connection of this.#listeners.keys()) connection.handOver();
      },
    });
  }

  #exit(listener: HubListener): void {
    if (!this.#locals.delete(listener) || this.#locals.size > 0) return;
    const tabs = this.#tabs;
    this.#tabs = undefined;
    tabs?.close();
  }

  #add(listener: HubListener, connection: Connection, known: KnownSeqs | undefined): void {
    this.#listeners.get(connection)?.add(listener);
    if (known !== undefined) connection.gaps.expect(known);
    if (listener.place === undefined && !connection.wasLive) this.#waiting.add(listener);
    if (connection.status === 'live') this.#welcome(listener, connection);
    else listener.onStatus(connection.status, connection.details);
  }

  #remove(listener: HubListener): void {
    this.#waiting.delete(listener);
    this.#ahead.delete(listener);
    const at = this.#queued.findIndex((queued) => queued.listener === listener);
    if (at >= 0) this.#queued.splice(at, 1);
    for (const [connection, listeners] of this.#listeners)
      if (listeners.delete(listener) && listeners.size === 0) this.#close(connection);
  }

  /** Drops a slow listener: it comes back from its own position when it has handled its queue. */
  #leaveBehind(listener: HubListener): void {
    this.#remove(listener);
    listener.isBehind = true;
  }

  #open(since: string | undefined, known: KnownSeqs | undefined): Connection {
    const connection: Connection = new Connection({ ...this.#options, tabs: this.#tabs }, since, {
      onArrival: (arrival) => this.#deliver(connection, arrival),
      onStatus: (status, details) => this.#notify(connection, status, details),
      onEnd: (error) => this.#end(connection, { error }),
    });
    if (known !== undefined) connection.gaps.expect(known);
    return connection;
  }

  #welcome(listener: HubListener, connection: Connection): void {
    listener.onStatus('live', connection.details);
    const event = { kind: 'ready' as const, cursor: connection.place ?? '', resumed: listener.place !== undefined };
    listener.give({ event, token: connection.place });
  }

  #deliver(connection: Connection, arrival: Arrival): void {
    // The leading tab's `ready` names its stream, and the leader itself handles what that watches.
    if (arrival.event?.kind === 'ready')
      this.#streams.ready(connection, this.#tabs?.hasOwn === false ? undefined : arrival.event.streamId);
    for (const listener of this.#listeners.get(connection) ?? []) {
      if (this.#waiting.has(listener)) {
        if (arrival.event?.kind !== 'ready') continue;
        this.#waiting.delete(listener);
      }
      this.#give(listener, arrival);
      if (listener.isFull) this.#leaveBehind(listener);
    }
    if (this.#listeners.size > 1) this.#merge();
  }

  /** Leaves out events that a listener which is ahead has had already. */
  #give(listener: HubListener, arrival: Arrival): void {
    if (this.#ahead.has(listener)) {
      const { event, token } = arrival;
      if (event !== undefined && isSignal(event)) return listener.give({ event, token: listener.place });
      const order = comparePlaces(token, listener.place);
      if (event?.kind !== 'reset' && order !== undefined && order <= 0) return undefined;
      this.#ahead.delete(listener);
    }
    return listener.give(arrival);
  }

  #merge(): void {
    const [first, ...others] = [...this.#listeners.keys()].filter(({ status }) => status === 'live');
    if (first === undefined) return;
    for (const other of others) {
      const order = comparePlaces(first.place, other.place);
      if (order === undefined) continue;
      if (order <= 0) return this.#join(first, other);
      return this.#join(other, first);
    }
  }

  /** Keeps the connection that is behind. */
  #join(kept: Connection, closed: Connection): void {
    for (const listener of this.#listeners.get(closed) ?? []) {
      this.#listeners.get(kept)?.add(listener);
      if (listener.place !== kept.place) this.#ahead.add(listener);
    }
    this.#close(closed);
    this.#merge();
  }

  #close(connection: Connection): void {
    this.#listeners.delete(connection);
    this.#streams.closed(connection);
    connection.stop();
    const next = this.#queued.shift();
    if (next !== undefined) this.join(next.listener, next.known);
  }

  #notify(connection: Connection, status: ConnectionStatus, details: ConnectionDetails): void {
    for (const listener of this.#listeners.get(connection) ?? []) listener.onStatus(status, details);
  }

  #end(connection: Connection, end: { readonly error?: unknown }): void {
    const listeners = this.#listeners.get(connection) ?? [];
    this.#close(connection);
    for (const listener of listeners) this.#notifyEnd(listener, end);
  }

  #notifyEnd(listener: HubListener, end: { readonly error?: unknown }): void {
    listener.end(end);
    this.#exit(listener);
  }
}
