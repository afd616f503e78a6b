import {
  type Consumer,
  type ConsumerStatus,
  type DatabaseOptions,
  keepProcessRow,
  openDatabase,
  runConsumers,
  untilMigrated,
} from '@fechatter/drizzle';
import type { Job, JobDeps } from './maintenance/job.ts';
import { type JobCounts, runJobs } from './maintenance/run-jobs.ts';

export interface WorkOptions {
  readonly deps: JobDeps;
  readonly access: DatabaseOptions;
  readonly jobs: readonly Job[];
  readonly consumers: readonly Consumer[];
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** What a worker is at. */
export interface Work {
  /** Since this process began; empty until the database is there and migrated. */
  readonly jobs: JobCounts;
  readonly consumers: readonly ConsumerStatus[];
  /** Settles when `signal` has aborted and nothing is under way any more. */
  readonly ended: Promise<void>;
}

/** Begins with jobs and consumers once the database has what this build stands on. */
export function startWork({ deps, access, jobs, consumers, signal, onError }: WorkOptions): Work {
  const { log } = deps;
  let counts: JobCounts = {};
  let statuses: readonly ConsumerStatus[] = [];
  const onWaiting = () => log.warn('waiting for the database to be there and migrated');
  const ended = (async () => {
    if (!(await untilMigrated(deps.db, signal, onWaiting))) return;
    const kept = keepProcessRow({ db: deps.db, service: 'worker', signal, onError });
    const db = openDatabase({ ...access, plans: 'steady', poolSize: Math.max(1, consumers.length) });
    const running = runConsumers({
      database: access,
      db,
      consumers,
      onError(consumer, error) {
        if (consumer === undefined) onError(error);
        else log.error({ err: error, consumer }, 'a consumer of the log failed; trying again');
      },
    });
    const working = runJobs({ deps, jobs, signal });
    counts = working.counts;
    statuses = running.statuses;
    await working.ended;
    await running.stop();
    await kept;
    await db.close();
  })();
  return {
    get jobs() {
      return counts;
    },
    get consumers() {
      return statuses;
    },
    ended,
  };
}
