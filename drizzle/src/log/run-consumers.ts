import { setTimeout as wait } from 'node:timers/promises';
import type { DatabaseOptions } from '../connection.ts';
import type { Database } from '../database.ts';
import { isUnavailable } from '../unavailable.ts';
import { type Consumer, CONSUMER_BATCH_MAX, stepConsumer } from './consumer.ts';
import { runSequencer, type SequencerSteps } from './sequencer.ts';
import { Wakeable } from './wakeable.ts';

/** What this process has done for a consumer, and what blocks it. */
export interface ConsumerStatus {
  readonly name: string;
  /** Entries that were processed. */
  readonly entries: number;
  /** How often it started again. */
  readonly resets: number;
  /** Transactions that failed. */
  readonly failures: number;
  /** Failures in a row; 0 if it is running. */
  readonly failedAttempts: number;
  /** The last error; undefined if it is running. */
  readonly error: Error | undefined;
}

export interface RunConsumersOptions {
  /** For the connection that listens. */
  readonly database: DatabaseOptions;
  /** Where the consumers work: one connection each. */
  readonly db: Database;
  readonly consumers: readonly Consumer[];
  /** Called with each failure of a consumer, and (undefined) of the connection that listens and numbers. */
  readonly onError: (consumer: string | undefined, error: unknown) => void;
}

export interface RunningConsumers {
  readonly statuses: readonly ConsumerStatus[];
  /** The outcomes of this process's own numbering steps. */
  readonly steps: Readonly<SequencerSteps>;
  /** Stops after the batches that are running. */
  stop(): Promise<void>;
}

const POLL_MS = 1_000;
const BACKOFF_FIRST_MS = 100;
/** A database that is down comes back; a batch that throws may need an operator. */
const BACKOFF_AWAY_MAX_MS = 1_000;
const BACKOFF_MAX_MS = 60_000;

/**
 * Runs consumers until they are stopped: each takes its next batch when the log has new entries, and checks once a
 * second. A batch that throws is never skipped: it is retried with half as many entries, after a pause that grows to a
 * minute, until the failing entry is alone. This also numbers the log, so consumers need no other process for that.
 */
export function runConsumers({ database, db, consumers, onError }: RunConsumersOptions): RunningConsumers {
  const stopped = new AbortController();
  const runs = consumers.map((consumer) => new ConsumerRun(db, consumer, onError));
  const steps: SequencerSteps = { numbered: 0, idle: 0, lost: 0 };
  const onNews = () => runs.forEach((run) => run.wake());
  const onLost = (error: unknown) => onError(undefined, error);
  const numbering = runSequencer({ database, onNews, onError: onLost, steps }, stopped.signal);
  const working = runs.map((run) => run.work(stopped.signal));
  return {
    statuses: runs,
    steps,
    async stop() {
      stopped.abort();
      await Promise.all([numbering, ...working]);
    },
  };
}

class ConsumerRun implements ConsumerStatus {
  readonly name: string;
  entries = 0;
  resets = 0;
  failures = 0;
  failedAttempts = 0;
  error: Error | undefined;
  readonly #db: Database;
  readonly #consumer: Consumer;
  readonly #onError: RunConsumersOptions['onError'];
  readonly #news = new Wakeable();
  readonly #batchMax: number;
  #batch: number;

  constructor(db: Database, consumer: Consumer, onError: RunConsumersOptions['onError']) {
    this.name = consumer.name;
    this.#db = db;
    this.#consumer = consumer;
    this.#onError = onError;
    this.#batchMax = consumer.batchMax ?? CONSUMER_BATCH_MAX;
    this.#batch = this.#batchMax;
  }

  wake(): void {
    this.#news.wake();
  }

  async work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (!(await this.#step())) await this.#news.wait(POLL_MS, signal);
      } catch (error) {
        await wait(this.#failed(error), undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Returns whether there is more to do at once. */
  async #step(): Promise<boolean> {
    const step = await stepConsumer(this.#db, this.#consumer, this.#batch);
    this.failedAttempts = 0;
    this.error = undefined;
    this.#batch = Math.min(this.#batch * 2, this.#batchMax);
    if (step.did === 'reset') this.resets++;
    if (step.did === 'consumed') this.entries += step.entries;
    return step.did === 'reset' || (step.did === 'consumed' && step.hasMore);
  }

  /** Returns how long to wait before the next attempt, in milliseconds. */
  #failed(error: unknown): number {
    this.failures++;
    this.failedAttempts++;
    this.error = error instanceof Error ? error : new Error(String(error));
    this.#batch = Math.max(1, Math.floor(this.#batch / 2));
    this.#onError(this.name, error);
    const maxMs = isUnavailable(error) ? BACKOFF_AWAY_MAX_MS : BACKOFF_MAX_MS;
    const pauseMs = Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(this.failedAttempts - 1, 20), maxMs);
    return pauseMs * (0.5 + Math.random() / 2);
  }
}
