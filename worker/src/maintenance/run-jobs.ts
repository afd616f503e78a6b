import { errorCode, isUnavailable } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Job, JobDeps } from './job.ts';
import { addJobs, dropLease, finishJob, type JobLease, renewLease, takeJob } from './lease.ts';

/** How often each job finished and failed in this process. */
export type JobCounts = Readonly<Record<string, { readonly runs: number; readonly failures: number }>>;

export interface RunJobsOptions {
  readonly deps: JobDeps;
  readonly jobs: readonly Job[];
  readonly signal: AbortSignal;
  /** A worker that was killed or frozen loses its job after this time. */
  readonly leaseMs?: number;
}

const LEASE_MS = 60_000;
const RENEWALS_A_LEASE = 4;
const POLL_MS = 5_000;
const RETRY_MS = 60_000;
/** A statement that was cancelled by its timeout: unlike a database that is down, this does not recover by itself. */
const TOOK_TOO_LONG = '57014';

/**
 * Runs the due jobs, one after the other, until `signal` aborts. Each belongs to one worker at a time: a lease in its
 * row names the worker, and expires if that worker dies. A failed job is due again after a minute.
 */
export function runJobs({ deps, jobs, signal, leaseMs = LEASE_MS }: RunJobsOptions): {
  readonly counts: JobCounts;
  readonly ended: Promise<void>;
} {
  const { db, log } = deps;
  const counts = Object.fromEntries(jobs.map(({ name }) => [name, { runs: 0, failures: 0 }]));
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const names = [...byName.keys()];

  const runOnce = async (job: Job, lease: JobLease): Promise<void> => {
    const held = holdLease(deps, lease, leaseMs, signal);
    const count = counts[job.name] ?? { runs: 0, failures: 0 };
    let hasFailed = false;
    try {
      await job.run(deps, held.signal);
    } catch (error) {
      hasFailed = true;
      if (!isUnavailable(error) || errorCode(error) === TOOK_TOO_LONG)
        log.error({ err: error, job: job.name }, 'a job failed');
    } finally {
      await held.release();
    }
    // Stopped before its end: the next worker continues it.
    if (held.signal.aborted && !hasFailed) return dropLease(db, lease);
    if (hasFailed) count.failures++;
    else count.runs++;
    await finishJob(db, lease, { hasFailed, dueInMs: hasFailed ? Math.min(job.everyMs, RETRY_MS) : job.everyMs });
    log.debug({ job: job.name, hasFailed }, 'a job ended');
  };

  const work = async () => {
    let areAdded = false;
    while (!signal.aborted) {
      let lease: JobLease | undefined;
      try {
        if (!areAdded) await addJobs(db, names);
        areAdded = true;
        lease = await takeJob(db, names, randomUUID(), leaseMs);
        const job = lease && byName.get(lease.job);
        if (job !== undefined && lease !== undefined) await runOnce(job, lease);
      } catch (error) {
        lease = undefined;
        if (!isUnavailable(error)) log.error({ err: error }, 'jobs cannot be claimed or released');
      }
      if (lease === undefined) await wait(POLL_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  };
  return { counts, ended: work() };
}

/** Renews a lease until it is released; its signal aborts with `signal`, and when the lease is lost. */
function holdLease({ db }: JobDeps, lease: JobLease, leaseMs: number, signal: AbortSignal) {
  const lost = new AbortController();
  let goodUntilMs = performance.now() + leaseMs;
  let renewing: Promise<void> = Promise.resolve();
  const renew = async () => {
    const beganAtMs = performance.now();
    const isOurs = await renewLease(db, lease, leaseMs).catch(() => undefined);
    if (isOurs === true) goodUntilMs = beganAtMs + leaseMs;
    if (isOurs === false || performance.now() > goodUntilMs) lost.abort();
  };
  const timer = setInterval(() => {
    renewing = renew();
  }, leaseMs / RENEWALS_A_LEASE);
  return {
    signal: AbortSignal.any([signal, lost.signal]),
    async release() {
      clearInterval(timer);
      await renewing;
    },
  };
}
