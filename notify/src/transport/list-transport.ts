import { type Event, type EventListEntry, isSignal, limits, type ResetReason } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import type { Frame } from '../wire/frame.ts';
import type { Transport } from './transport.ts';
import type { WriteTurn } from './write-turn.ts';

/** What a stream would have sent, up to the end of the list. */
export interface Listed {
  readonly events: readonly EventListEntry[];
  /** The cursor after the events; undefined if no cursor was received. */
  readonly cursor: string | undefined;
  readonly hasMore: boolean;
  readonly reset: ResetReason | null;
}

export interface ListTransportOptions {
  readonly turn: WriteTurn;
  readonly limit: number;
  /** A list without events waits for the first one, once it is live. */
  readonly isWaiting: boolean;
}

/**
 * Collects what a connection is sent into a list: its replay or, if that brought nothing, the events of the next read
 * of the log. Content under the lease is collected in a turn that has the lease, as on a stream.
 */
export class ListTransport implements Transport {
  readonly isBackedUp = false;
  readonly done: Promise<Listed>;
  readonly #options: ListTransportOptions;
  readonly #events: EventListEntry[] = [];
  #bytes = 0;
  #cursor: string | undefined;
  #reset: ResetReason | null = null;
  #isLive = false;
  #isOver = false;
  #isAdded = false;
  #resolve: (listed: Listed) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #onClose: (() => void) | undefined;

  constructor(options: ListTransportOptions) {
    this.#options = options;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.done.catch(() => {});
  }

  /** It has everything up to the current position, and waits. */
  get isIdle(): boolean {
    return this.#isLive && !this.#isOver && this.#events.length === 0;
  }

  send({ tracked, trpc }: Frame): void {
    if (tracked === undefined || this.#isOver) return;
    this.#take(tracked.token, tracked.event, trpc.length);
    if (this.#isAdded || this.#isOver) return;
    this.#isAdded = true;
    this.#options.turn.add(this);
  }

  #take(token: string, event: Event, bytes: number): void {
    if (event.kind === 'ready') this.#isLive = true;
    else if (event.kind === 'reset') this.#reset = event.reason;
    // Events after a reset belong to the next list; signals are for live streams.
    else if (this.#reset !== null || isSignal(event)) return;
    else if (this.#isFull(bytes)) return this.finish({ hasMore: true });
    else this.#events.push({ id: token, event });
    this.#bytes += bytes;
    this.#cursor = token;
  }

  #isFull(bytes: number): boolean {
    const isLong = this.#events.length > 0 && this.#bytes + bytes > limits.responseMaxBytes;
    return isLong || this.#events.length === this.#options.limit;
  }

  flush(): void {
    this.#isAdded = false;
    if (this.#isLive && !(this.#options.isWaiting && this.isIdle && this.#reset === null)) this.finish();
  }

  /** Ends the list with what it has; `cursor` if everything up to there was sent. */
  finish({
    hasMore = false,
    cursor = this.#cursor,
  }: {
    readonly hasMore?: boolean;
    readonly cursor?: string | undefined;
  } = {}): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#resolve({ events: this.#events, cursor, hasMore, reset: this.#reset });
    this.#onClose?.();
  }

  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reject(error);
    this.#onClose?.();
  }

  /** Every frame counts the same, because only the number is bounded. */
  bytesOf(): number {
    return 1_000;
  }

  async drained(): Promise<boolean> {
    return true;
  }

  end(): void {
    this.finish();
  }

  /** The caller repeats the request, at any instance, with the same cursor. */
  cut(): void {
    this.fail(refuse('database_unavailable'));
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
    if (this.#isOver) queueMicrotask(listener);
  }
}
