import type { Cursor } from '@fechatter/contract';
import type { DatabaseOptions } from '../connection.ts';
import { keepConnection } from './kept-connection.ts';
import { readTail, sinceBeforeCrash, type TailRead, tailStart } from './read.ts';
import { runSequencer, type SequencerSteps } from './sequencer.ts';
import { steadyPlans } from './steady-plans.ts';
import { Wakeable } from './wakeable.ts';

export interface TailOptions {
  readonly database: DatabaseOptions;
  /**
   * Called when the tail begins, and again when its history was replaced (fail-over, restore): everything derived from
   * the log is invalid then. Nothing is read until it returns.
   */
  readonly onStart: (cursor: Cursor) => void | Promise<void>;
  /**
   * Called with each read, in order, one at a time; the tail moves on when it returns. It must apply the revocations
   * before its first await, because from then on the read counts as known. If it throws, the tail does not move and is
   * not fresh.
   */
  readonly onRead: (read: TailRead) => void | Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Follows the log, also across losses of the database. */
export interface Tail {
  /** Its position: every entry up to here was passed to `onRead`. Undefined until it has begun. */
  readonly cursor: Cursor | undefined;
  /**
   * Whether what this process knows is fresh enough to act on: the last completed read began less than 2 s ago. A
   * frozen process, a blocked event loop and a dead database make it false. A stalled sequencer does not: revocations
   * are read even before they are numbered.
   */
  readonly isFresh: boolean;
  /** When the last completed read began, on the monotonic clock: every revocation before that is known. */
  readonly knownAsOfMs: number;
  /** The outcomes of its own numbering steps. */
  readonly steps: Readonly<SequencerSteps>;
  /** Asks for a read now. */
  wake(): void;
  stop(): Promise<void>;
}

const POLL_MS = 500;
const READ_TIMEOUT_MS = 5_000;
const FRESH_MS = 2_000;

/** Starts to follow the log from its end, numbering it on the way. */
export function startTail({ database, onStart, onRead, onError }: TailOptions): Tail {
  const stopped = new AbortController();
  const news = new Wakeable();
  let cursor: Cursor | undefined;
  let since = '';
  let freshFrom = Number.NEGATIVE_INFINITY;
  const steps = { numbered: 0, idle: 0, lost: 0 };

  const reading = keepConnection(
    { ...database, statementTimeoutMs: READ_TIMEOUT_MS, queryTimeoutMs: READ_TIMEOUT_MS + 1_000 },
    stopped.signal,
    async (client, alive) => {
      await client.query(steadyPlans);
      if (cursor !== undefined) since = sinceBeforeCrash(since);
      while (!alive.aborted) {
        const beganAt = performance.now();
        if (cursor === undefined) {
          const start = await tailStart(client);
          await onStart(start.cursor);
          ({ cursor, since } = start);
        }
        const read = await readTail(client, cursor, since);
        if (!read.isAnchored) {
          cursor = undefined;
          freshFrom = Number.NEGATIVE_INFINITY;
          onError(new Error('the history of the event log was replaced; beginning anew'));
          continue;
        }
        freshFrom = beganAt;
        try {
          await onRead(read);
        } catch (error) {
          freshFrom = Number.NEGATIVE_INFINITY;
          throw error;
        }
        since = read.snapshot;
        const last = read.entries.at(-1);
        if (last !== undefined) cursor = { pos: last.pos, nonce: last.nonce };
        if (!read.hasMore) await news.wait(POLL_MS, alive);
      }
    },
    onError,
  );
  const numbering = runSequencer({ database, onNews: () => news.wake(), onError, steps }, stopped.signal);

  return {
    get cursor() {
      return cursor;
    },
    get isFresh() {
      return performance.now() - freshFrom < FRESH_MS;
    },
    get knownAsOfMs() {
      return freshFrom;
    },
    steps,
    wake: () => news.wake(),
    stop: async () => {
      stopped.abort();
      await Promise.all([reading, numbering]);
    },
  };
}
