import type { Arrival } from '../events/event.ts';
import type { ConnectionDetails, ConnectionStatus } from '../events/connection.ts';
import { newClientId } from '../outbox/client-id.ts';
import { detailsOf, type TabCall, type TabMessage } from './tab-messages.ts';
import type { TabPlatform } from './tab-platform.ts';

/** The connection continues at once from its position: at another tab, or in this one. */
export class HandOver extends Error {}

export interface FollowRequest {
  readonly since: string | undefined;
  readonly signal: AbortSignal;
  readonly onArrival: (arrival: Arrival) => void;
  readonly onStatus: (status: ConnectionStatus, details: ConnectionDetails) => void;
}

export interface FollowOptions {
  readonly platform: TabPlatform;
  readonly name: string;
  /** How long the service may send the leader nothing. */
  readonly inactivityMs: number;
  /** How long a live leader may take to respond. */
  readonly responseMs: number;
  readonly call: (call: TabCall) => void;
  /** The people whose presence this tab watches. */
  readonly watched: () => readonly string[];
  /** Called when a message of another tab arrives. */
  readonly onMessage: () => void;
  /** Called when the leader does not respond, or cannot do its work. */
  readonly depose: () => void;
}

const TAKE_EVERY = 50;
const TAKE_MS = 60_000;
const ASKS_MAX = 2;

/** Receives events from the leading tab, from a position on. */
export class FollowLeader {
  readonly #options: FollowOptions;
  readonly #request: FollowRequest;
  readonly #follower = newClientId();
  #status: ConnectionStatus | undefined;
  #count = 0;
  #receivedAtMs = performance.now();
  #aliveAtMs = performance.now();
  #sentAtMs = performance.now();
  #watchedAtMs = performance.now();
  /** Requests that the leader has not responded to. */
  #pending = 1;
  #end: (error?: unknown) => void = () => {};

  constructor(options: FollowOptions, request: FollowRequest) {
    this.#options = options;
    this.#request = request;
  }

  /** Resolves when the signal aborts; throws {@link HandOver}, or what `onArrival` throws. */
  async run(): Promise<void> {
    const { platform, name, responseMs } = this.#options;
    const { signal, since } = this.#request;
    if (signal.aborted) return;
    const channel = platform.openChannel(`${name} ${this.#follower}`, (message) =>
      this.#receive(message as TabMessage),
    );
    const watch = setInterval(() => this.#watch(), responseMs);
    const onAbort = () => this.#end();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        this.#end = (error) => (error === undefined ? resolve() : reject(error));
        this.#send({ type: 'join', follower: this.#follower, since });
      });
    } finally {
      clearInterval(watch);
      signal.removeEventListener('abort', onAbort);
      this.leave();
      channel.close();
    }
  }

  /** There is another leader, or none any more. */
  handOver(): void {
    this.#end(new HandOver());
  }

  /** Sends the leader, which owns the stream, the people whom this tab watches. */
  sendWatched(): void {
    this.#send({ type: 'watch', follower: this.#follower, userIds: this.#options.watched() });
  }

  /** Announces that this tab leaves; the leader closes the channel. */
  leave(): void {
    this.#send({ type: 'leave', follower: this.#follower });
  }

  #receive(message: TabMessage): void {
    this.#receivedAtMs = performance.now();
    this.#pending = 0;
    this.#options.onMessage();
    if (message.type === 'gone') return this.handOver();
    if (message.type === 'here') return undefined;
    this.#aliveAtMs = this.#receivedAtMs;
    if (message.type === 'status') return this.#receiveStatus(message);
    if (message.type === 'arrival') return this.#take(message);
    return undefined;
  }

  #receiveStatus({ status, details, isVisible }: Extract<TabMessage, { type: 'status' }>): void {
    this.#status = status;
    this.#request.onStatus(status, detailsOf(details));
    // Timers of a background tab hardly run: this tab reconnects faster.
    if (status !== 'live' && !isVisible && this.#options.platform.isVisible()) this.#options.depose();
  }

  #take({ count, arrival }: Extract<TabMessage, { type: 'arrival' }>): void {
    if (count !== this.#count + 1) return this.handOver();
    this.#count = count;
    if (count % TAKE_EVERY === 0) this.#sendTaken();
    if (arrival.event?.kind === 'ready') {
      this.#status = 'live';
      this.sendWatched();
    }
    try {
      this.#request.onArrival(arrival);
    } catch (error) {
      this.#end(error);
    }
    return undefined;
  }

  /** Timers of a frozen tab are late: a request without a response is repeated once. */
  #watch(): void {
    const { inactivityMs, responseMs, depose, platform } = this.#options;
    const nowMs = performance.now();
    const isLate = nowMs - this.#watchedAtMs > 2 * responseMs;
    this.#watchedAtMs = nowMs;
    if (this.#pending > 0 && isLate && this.#pending < ASKS_MAX) this.#ask();
    else if (this.#pending > 0 && nowMs - this.#sentAtMs >= responseMs) depose();
    else if (this.#pending === 0 && nowMs - this.#receivedAtMs >= responseMs) this.#ask();
    else if (nowMs - this.#sentAtMs > TAKE_MS) this.#sendTaken();
    const isStale = this.#status === 'live' && nowMs - this.#aliveAtMs > 1.5 * inactivityMs;
    if (isStale && platform.isVisible()) depose();
  }

  #ask(): void {
    this.#pending += 1;
    this.#send({ type: 'ask', follower: this.#follower });
  }

  #sendTaken(): void {
    this.#send({ type: 'took', follower: this.#follower, count: this.#count });
  }

  #send(call: TabCall): void {
    this.#sentAtMs = performance.now();
    this.#options.call(call);
  }
}
