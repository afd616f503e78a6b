import { type Notifier, type DatabaseOptions, openDatabase } from '@fechatter/drizzle';
import { type CallerGone, type Log, refuse } from '@fechatter/service-kit';
import { type Batch, ChatQueues } from './chat-queues.ts';
import type { Outgoing, OutgoingReaction, ReactionResult, ResultOf, SendResult, Write } from './outgoing.ts';
import { PendingWrite } from './pending-write.ts';
import { type DispatchDeps, type Lane, BatchDispatch, type SendStats } from './dispatch-batch.ts';

export interface SendQueueOptions {
  /** The database; the queue opens its own connections. */
  readonly database: DatabaseOptions;
  readonly notifier: Notifier;
  /** Messages of one person, 0 for no limit. */
  readonly limitPerMinute: number;
  /** Changes of reactions of one person, 0 for no limit. */
  readonly reactionLimitPerMinute: number;
  readonly log: Pick<Log, 'warn'>;
  readonly isUnavailable?: (error: unknown) => boolean;
}

/** Sends messages and reactions in batches: what arrives while one batch is being written forms the next. */
export interface SendQueue {
  /**
   * Returns the result of a message within 5 s; if the chat's head is locked for longer than 2 s, the result is `busy`.
   * If the caller disconnects before the message is in a batch, it is dropped.
   */
  send(message: Outgoing, signal?: CallerGone): Promise<SendResult>;
  /** The same for a reaction: it is written with the messages of its chat. */
  react(reaction: OutgoingReaction, signal?: CallerGone): Promise<ReactionResult>;
  readonly stats: Readonly<SendStats> & { readonly waiting: number };
  /** Waits for the batches that are being written. */
  close(): Promise<void>;
}

const lanes: readonly { readonly lane: Lane; readonly batchesMax: number }[] = [
  { lane: 'slow', batchesMax: 4 },
  { lane: 'fast', batchesMax: 2 },
];
const STATEMENT_TIMEOUT_MS = 2_500;
const DEADLINE_MS = 5_000;
const SWEEP_MS = 250;

/**
 * A chat is in one batch at a time, so its messages keep their order. The fast lane takes many chats and waits 25 ms
 * for their heads. A chat whose head is locked for longer moves to the slow lane, alone, and delays no other chat.
 */
export function createSendQueue(options: SendQueueOptions): SendQueue {
  const { database, notifier, limitPerMinute, reactionLimitPerMinute, log, isUnavailable } = options;
  const db = openDatabase({
    ...database,
    applicationName: `${database.applicationName}-send`,
    poolSize: lanes.reduce((sum, { batchesMax }) => sum + batchesMax, 0),
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  return new Lanes(
    {
      pool: db.pool,
      limits: { sends: limitPerMinute, reactions: reactionLimitPerMinute },
      stats: { batches: 0, messages: 0, held: 0, busy: 0, retries: 0 },
      isUnavailable,
      onSent: () => notifier.notify(),
      onBatchFailed: (err, messages) =>
        log.warn({ err, messages }, 'a batch of sends failed, sending its messages one by one'),
    },
    () => db.close(),
  );
}

class Lanes implements SendQueue {
  readonly #deps: DispatchDeps;
  readonly #closePool: () => Promise<void>;
  readonly #queues = new ChatQueues();
  readonly #underWay = { fast: new Set<Batch>(), slow: new Set<Batch>() };
  readonly #dispatches = new Set<Promise<void>>();
  #isScheduled = false;
  #sweep: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(deps: DispatchDeps, closePool: () => Promise<void>) {
    this.#deps = deps;
    this.#closePool = closePool;
  }

  get stats(): SendQueue['stats'] {
    return { ...this.#deps.stats, waiting: this.#queues.waiting };
  }

  send(message: Outgoing, signal?: CallerGone): Promise<SendResult> {
    return this.#write(message, signal);
  }

  react(reaction: OutgoingReaction, signal?: CallerGone): Promise<ReactionResult> {
    return this.#write(reaction, signal);
  }

  async #write<W extends Write>(write: W, signal: CallerGone | undefined): Promise<ResultOf<W>> {
    const pending = new PendingWrite(write, signal, performance.now() + DEADLINE_MS);
    if (this.#closing !== undefined || !this.#queues.add(pending)) throw refuse('busy', { retryAfterMs: 1_000 });
    this.#sweep ??= setInterval(() => this.#expire(), SWEEP_MS).unref();
    this.#schedule();
    return pending.result;
  }

  close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  /** Writes that arrive in one turn of the event loop form one batch, without a timer. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#dispatchAll();
    });
  }

  #dispatchAll(): void {
    for (const { lane, batchesMax } of lanes) {
      while (this.#underWay[lane].size < batchesMax) {
        const batch = lane === 'fast' ? this.#queues.takeReady() : this.#queues.takeHeld();
        if (batch === undefined) break;
        this.#underWay[lane].add(batch);
        const dispatch = this.#dispatch(batch, lane).finally(() => this.#dispatches.delete(dispatch));
        this.#dispatches.add(dispatch);
      }
    }
  }

  async #dispatch(batch: Batch, lane: Lane): Promise<void> {
    const result = await new BatchDispatch(this.#deps, batch.writes, lane).dispatch();
    this.#underWay[lane].delete(batch);
    this.#queues.settle(batch, result);
    this.#schedule();
  }

  /** Enforces all deadlines with one timer, which stops when nothing waits. */
  #expire(): void {
    const nowMs = performance.now();
    this.#queues.expire(nowMs);
    for (const { writes } of [...this.#underWay.fast, ...this.#underWay.slow]) {
      for (const pending of writes) {
        if (!pending.isSettled && pending.deadlineMs <= nowMs) pending.reject(refuse('database_unavailable'));
      }
    }
    if (this.#queues.waiting > 0 || this.#dispatches.size > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }

  async #drain(): Promise<void> {
    while (this.#queues.waiting > 0 || this.#dispatches.size > 0) {
      this.#dispatchAll();
      await Promise.all(this.#dispatches);
    }
    clearInterval(this.#sweep);
    await this.#closePool();
  }
}
