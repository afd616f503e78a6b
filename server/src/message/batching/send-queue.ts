import { type Bell, type DatabaseOptions, openDatabase } from '@fechatter/drizzle';
import { type CallerGone, type Log, refuse } from '@fechatter/service-kit';
import { ChatLines, type Flight } from './chat-queues.ts';
import type { Outgoing, SendResult } from './outgoing.ts';
import { PendingSend } from './pending-send.ts';
import { type FlightDeps, type Lane, SendFlight, type SendStats } from './dispatch-batch.ts';

export interface SendQueueOptions {
  /** Where to; the queue makes connections of its own. */
  readonly database: DatabaseOptions;
  readonly bell: Bell;
  /** Messages of one person, 0 for no limit. */
  readonly limitPerMinute: number;
  readonly log: Pick<Log, 'warn'>;
  readonly isUnavailable?: (error: unknown) => boolean;
}

/** Sends messages in batches of what gathers while others are under way. */
export interface SendQueue {
  /**
   * Answers what became of a message, within 5 s; whose head is held for longer than 2 s is `busy`. A caller who has
   * gone before the message is under way takes it back.
   */
  send(message: Outgoing, signal?: CallerGone): Promise<SendResult>;
  readonly stats: Readonly<SendStats> & { readonly waiting: number };
  /** Lets what is under way end. */
  close(): Promise<void>;
}

const lanes: readonly { readonly lane: Lane; readonly flightsMax: number }[] = [
  { lane: 'slow', flightsMax: 4 },
  { lane: 'fast', flightsMax: 2 },
];
const STATEMENT_TIMEOUT_MS = 2_500;
const DEADLINE_MS = 5_000;
const SWEEP_MS = 250;

/**
 * A chat is in one flight at a time, so its messages keep their order. The fast lane takes many chats and waits 25 ms
 * for their heads; a chat whose head is held longer goes on alone, in the slow lane, and delays nobody else.
 */
export function createSendQueue(options: SendQueueOptions): SendQueue {
  const { database, bell, limitPerMinute, log, isUnavailable } = options;
  const db = openDatabase({
    ...database,
    applicationName: `${database.applicationName}-send`,
    poolSize: lanes.reduce((sum, { flightsMax }) => sum + flightsMax, 0),
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  return new Lanes(
    {
      pool: db.pool,
      limitPerMinute,
      stats: { batches: 0, messages: 0, held: 0, busy: 0, retries: 0 },
      isUnavailable,
      onSent: () => bell.ring(),
      onBatchFailed: (err, messages) =>
        log.warn({ err, messages }, 'a batch of sends failed, its messages go one by one'),
    },
    () => db.close(),
  );
}

class Lanes implements SendQueue {
  readonly #deps: FlightDeps;
  readonly #closePool: () => Promise<void>;
  readonly #lines = new ChatLines();
  readonly #flying = { fast: new Set<Flight>(), slow: new Set<Flight>() };
  readonly #landings = new Set<Promise<void>>();
  #isScheduled = false;
  #sweep: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(deps: FlightDeps, closePool: () => Promise<void>) {
    this.#deps = deps;
    this.#closePool = closePool;
  }

  get stats(): SendQueue['stats'] {
    return { ...this.#deps.stats, waiting: this.#lines.waiting };
  }

  async send(message: Outgoing, signal?: CallerGone): Promise<SendResult> {
    const pending = new PendingSend(message, signal, performance.now() + DEADLINE_MS);
    if (this.#closing !== undefined || !this.#lines.add(pending)) throw refuse('busy', { retryAfterMs: 1_000 });
    this.#sweep ??= setInterval(() => this.#expire(), SWEEP_MS).unref();
    this.#schedule();
    return pending.answer;
  }

  close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  /** What is sent in one turn of the loop flies together, without waiting for anything. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#takeOff();
    });
  }

  #takeOff(): void {
    for (const { lane, flightsMax } of lanes) {
      while (this.#flying[lane].size < flightsMax) {
        const flight = lane === 'fast' ? this.#lines.takeReady() : this.#lines.takeHeld();
        if (flight === undefined) break;
        this.#flying[lane].add(flight);
        const landing = this.#fly(flight, lane).finally(() => this.#landings.delete(landing));
        this.#landings.add(landing);
      }
    }
  }

  async #fly(flight: Flight, lane: Lane): Promise<void> {
    const landing = await new SendFlight(this.#deps, flight.batch, lane).fly();
    this.#flying[lane].delete(flight);
    this.#lines.land(flight, landing);
    this.#schedule();
  }

  /** The deadlines of all, by one timer that stops when nobody waits. */
  #expire(): void {
    const nowMs = performance.now();
    this.#lines.expire(nowMs);
    for (const { batch } of [...this.#flying.fast, ...this.#flying.slow]) {
      for (const pending of batch) {
        if (!pending.isSettled && pending.deadlineMs <= nowMs) pending.reject(refuse('database_unavailable'));
      }
    }
    if (this.#lines.waiting > 0 || this.#landings.size > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }

  async #drain(): Promise<void> {
    while (this.#lines.waiting > 0 || this.#landings.size > 0) {
      this.#takeOff();
      await Promise.all(this.#landings);
    }
    clearInterval(this.#sweep);
    await this.#closePool();
  }
}
