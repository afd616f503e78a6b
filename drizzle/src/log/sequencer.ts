import { setTimeout as wait } from 'node:timers/promises';
import type { DatabaseOptions } from '../connection.ts';
import { LOG_CHANNEL } from './notifier.ts';
import { keepConnection } from './kept-connection.ts';
import { steadyPlans } from './steady-plans.ts';
import { Wakeable } from './wakeable.ts';

/** Steps by their outcome. */
export interface SequencerSteps {
  numbered: number;
  idle: number;
  /** Another process was numbering. */
  lost: number;
}

export interface SequencerOptions {
  readonly database: DatabaseOptions;
  /** Called after each step that numbered something, and after each notification: the tail reads then. */
  readonly onNews: () => void;
  readonly onError: (error: unknown) => void;
  /** The counters to increment. */
  readonly steps: SequencerSteps;
}

const POLL_MS = 500;
/** Steps are at least this far apart, so that a busy log is numbered in batches. */
const GAP_MS = 2;
/** A step has no timeout in Postgres; a connection that is silent for this long is dead. */
const STEP_TIMEOUT_MS = 60_000;
const MAINTENANCE_MS = 60_000;
const TICKS_KEPT = 1_000;
const LOST_RACE = -1;

/**
 * Listens for notifications and numbers committed rows, until `signal` aborts. Any number of processes can do so at
 * once. A lost notification costs one poll interval; a notification or a lost race during a step requires another step.
 */
export function runSequencer(
  { database, onNews, onError, steps }: SequencerOptions,
  signal: AbortSignal,
): Promise<void> {
  const options = { ...database, statementTimeoutMs: 0, queryTimeoutMs: STEP_TIMEOUT_MS };
  let maintainedAt = Number.NEGATIVE_INFINITY;
  return keepConnection(
    options,
    signal,
    async (client, alive) => {
      const news = new Wakeable();
      // After a notification the tail reads even if this step numbered nothing: another process may have been faster.
      let isRung = false;
      client.on('notification', () => {
        isRung = true;
        news.wake();
      });
      await client.query(steadyPlans);
      await client.query(`listen ${LOG_CHANNEL}`);
      while (!alive.aborted) {
        // Before the step, which may need the partitions that are created here.
        if (performance.now() - maintainedAt > MAINTENANCE_MS) {
          await client.query('select log_add_partitions()');
          await client.query('select log_forget_ticks($1)', [TICKS_KEPT]);
          maintainedAt = performance.now();
        }
        const wasRung = isRung;
        isRung = false;
        const { rows } = await client.query<{ pos: number | null }>({
          name: 'log-step',
          text: 'select log_step() as pos',
        });
        const pos = rows[0]?.pos ?? null;
        if (pos === LOST_RACE) {
          steps.lost++;
          isRung = true;
          news.wake();
        } else {
          if (pos === null) steps.idle++;
          else steps.numbered++;
          if (pos !== null || wasRung) onNews();
        }
        await wait(GAP_MS);
        await news.wait(POLL_MS, alive);
      }
    },
    onError,
  );
}
