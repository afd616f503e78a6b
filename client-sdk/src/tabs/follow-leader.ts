import type { Arrival } from '../events/event.ts';
import type { ConnectionDetails, ConnectionStatus } from '../events/connection.ts';
import { newClientId } from '../outbox/client-id.ts';
import { detailsOf, type TabCall, type TabNews } from './tab-messages.ts';
import type { TabPlatform } from './tab-platform.ts';

/** The connection continues at once from its position: at another tab, or in this one. */
export class HandOver extends Error {}

export interface FollowAsked {
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
  readonly answerMs: number;
  readonly call: (call: TabCall) => void;
  /** The people whose presence this tab watches. */
  readonly watched: () => readonly string[];
  /** Called when a message of another tab arrives. */
  readonly onHeard: () => void;
  /** Called when the leader does not respond, or cannot do its work. */
  readonly depose: () => void;
}

const TAKE_EVERY = 50;
const TAKE_MS = 60_000;
const ASKS_MAX = 2;

/** Receives events from the leading tab, from a position on. */
export class FollowLeader {
  readonly #options: FollowOptions;
  readonly #asked: FollowAsked;
  readonly #follower = newClientId();
  #status: ConnectionStatus | undefined;
  #count = 0;
  #heardAtMs = performance.now();
  #aliveAtMs = performance.now();
  #saidAtMs = performance.now();
  #watchedAtMs = performance.now();
  /** Requests that the leader has not answered yet. */
  #unanswered = 1;
  #end: (error?: unknown) => void = () => {};

  constructor(options: FollowOptions, asked: FollowAsked) {
    this.#options = options;
    this.#asked = asked;
  }

  /** Resolves when the signal aborts; throws {@link HandOver}, or what `onArrival` throws. */
  async run(): Promise<void> {
    const { platform, name, answerMs } = this.#options;
    const { signal, since } = this.#asked;
    if (signal.aborted) return;
    const news = platform.openChannel(`${name} ${this.#follower}`, (told) => this.#hear(told as TabNews));
    const watch = setInterval(() => this.#watch(), answerMs);
    const onAbort = () => this.#end();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        this.#end = (error) => (error === undefined ? resolve() : reject(error));
        this.#say({ type: 'join', follower: this.#follower, since });
      });
    } finally {
      clearInterval(watch);
      signal.removeEventListener('abort', onAbort);
      this.leave();
      news.close();
    }
  }

  /** There is another leader, or none any more. */
  handOver(): void {
    this.#end(new HandOver());
  }

  /** Tells the leader, which owns the stream, whom this tab watches. */
  sayWatched(): void {
    this.#say({ type: 'watch', follower: this.#follower, userIds: this.#options.watched() });
  }

  /** Says goodbye: its tab closes the channel. */
  leave(): void {
    this.#say({ type: 'leave', follower: this.#follower });
  }

  #hear(news: TabNews): void {
    this.#heardAtMs = performance.now();
    this.#unanswered = 0;
    this.#options.onHeard();
    if (news.type === 'gone') return this.handOver();
    if (news.type === 'here') return undefined;
    this.#aliveAtMs = this.#heardAtMs;
    if (news.type === 'status') return this.#hearStatus(news);
    if (news.type === 'arrival') return this.#take(news);
    return undefined;
  }

  #hearStatus({ status, details, isVisible }: Extract<TabNews, { type: 'status' }>): void {
    this.#status = status;
    this.#asked.onStatus(status, detailsOf(details));
    // Timers of a background tab hardly run: this tab reconnects faster.
    if (status !== 'live' && !isVisible && this.#options.platform.isVisible()) this.#options.depose();
  }

  #take({ count, arrival }: Extract<TabNews, { type: 'arrival' }>): void {
    if (count !== this.#count + 1) return this.handOver();
    this.#count = count;
    if (count % TAKE_EVERY === 0) this.#sayTaken();
    if (arrival.event?.kind === 'ready') {
      this.#status = 'live';
      this.sayWatched();
    }
    try {
      this.#asked.onArrival(arrival);
    } catch (error) {
      this.#end(error);
    }
    return undefined;
  }

  /** Timers of a frozen tab are late: an unanswered request is repeated once. */
  #watch(): void {
    const { inactivityMs, answerMs, depose, platform } = this.#options;
    const nowMs = performance.now();
    const isLate = nowMs - this.#watchedAtMs > 2 * answerMs;
    this.#watchedAtMs = nowMs;
    if (this.#unanswered > 0 && isLate && this.#unanswered < ASKS_MAX) this.#ask();
    else if (this.#unanswered > 0 && nowMs - this.#saidAtMs >= answerMs) depose();
    else if (this.#unanswered === 0 && nowMs - this.#heardAtMs >= answerMs) this.#ask();
    else if (nowMs - this.#saidAtMs > TAKE_MS) this.#sayTaken();
    const isStale = this.#status === 'live' && nowMs - this.#aliveAtMs > 1.5 * inactivityMs;
    if (isStale && platform.isVisible()) depose();
  }

  #ask(): void {
    this.#unanswered += 1;
    this.#say({ type: 'ask', follower: this.#follower });
  }

  #sayTaken(): void {
    this.#say({ type: 'took', follower: this.#follower, count: this.#count });
  }

  #say(call: TabCall): void {
    this.#saidAtMs = performance.now();
    this.#options.call(call);
  }
}
