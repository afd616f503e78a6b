import { storesOf } from '@fechatter/file-store';
import { createNotifier, openDatabase } from '@fechatter/drizzle';
import { testDatabase } from '@fechatter/drizzle/testing';
import { collectedLog, silentLog, testConfig } from '@fechatter/service-kit/testing';
import { until } from '@fechatter/testing/until';
import { afterAll, expect, test } from 'vitest';
import type { Job, JobDeps } from './job.ts';
import { jobStates } from './job-states.ts';
import { runJobs } from './run-jobs.ts';

const database = await testDatabase();
const db = openDatabase(database);
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});
const config = testConfig('worker');
const stores = storesOf(config.files);
const deps: JobDeps = { db, notifier: createNotifier(db.pool), log: silentLog(), config, stores };
const stateOf = async (name: string) => (await jobStates(db, [name]))[0];

/** Runs workers over the same jobs until `done`. */
async function whileRunning(
  jobs: readonly Job[],
  done: () => Promise<unknown>,
  { count = 1, leaseMs = 60_000, ...others }: { count?: number; leaseMs?: number } & Partial<JobDeps> = {},
): Promise<void> {
  const stop = new AbortController();
  const given = { deps: { ...deps, ...others }, jobs, signal: stop.signal, leaseMs };
  const running = Array.from({ length: count }, () => runJobs(given));
  try {
    await done();
  } finally {
    stop.abort();
    await Promise.all(running.map(({ ended }) => ended));
  }
}

test('of three workers one runs a due job, and none runs it again before it is due', async () => {
  const runs = { first: 0, second: 0 };
  const job = (name: keyof typeof runs): Job => ({
    name,
    everyMs: 3_600_000,
    run: async () => {
      runs[name]++;
      await until(() => runs.first === runs.second, 'another worker is at the other job');
    },
  });
  const jobs = [job('first'), job('second')];
  const finished = () =>
    until(async () => {
      const states = await jobStates(db, ['first', 'second']);
      return states.length === 2 && states.every((state) => state.sinceFinishedMs !== undefined);
    }, 'both are done');
  await whileRunning(jobs, finished, { count: 3 });
  await whileRunning(jobs, finished, { count: 3 });
  expect(runs).toEqual({ first: 1, second: 1 });
  await database.query("update maintenance_jobs set due_at = now() - interval '1 minute', finished_at = null");
  await whileRunning(jobs, finished, { count: 3 });
  expect(runs).toEqual({ first: 2, second: 2 });
});

test('a stalled worker loses its job to another, and its run is aborted', async () => {
  const outcomes: string[] = [];
  let runs = 0;
  const job: Job = {
    name: 'held up',
    everyMs: 3_600_000,
    async run(_, signal) {
      runs++;
      if (runs > 1) return;
      // Like a frozen process: it does not renew its lease.
      await database.query(`update maintenance_jobs set leased_until = now() - interval '1 s' where name = 'held up'`);
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      outcomes.push('aborted');
    },
  };
  const takenOver = () => until(() => runs === 2 && outcomes.length === 1, 'another worker took it over', 25_000);
  await whileRunning([job], takenOver, { count: 2, leaseMs: 30_000 });
  expect(await stateOf('held up')).toMatchObject({ failures: 0 });
});

test('a job that is stopped midway stays due, and the next worker continues', async () => {
  let begun = 0;
  const job: Job = {
    name: 'long',
    everyMs: 3_600_000,
    async run(_, signal) {
      begun++;
      if (begun === 1) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
  };
  await whileRunning([job], () => until(() => begun === 1, 'it has begun'));
  expect(await stateOf('long')).toMatchObject({ sinceFinishedMs: undefined });
  await whileRunning([job], () =>
    until(async () => (await stateOf('long'))?.sinceFinishedMs !== undefined, 'it came to its end'),
  );
  expect(begun).toBe(2);
});

test('a failed job is logged, is due again after a minute, and does not stop others', async () => {
  const { log, lines } = collectedLog();
  let others = 0;
  const bad: Job = { name: 'bad', everyMs: 3_600_000, run: () => Promise.reject(new Error('no')) };
  const good: Job = { name: 'good', everyMs: 3_600_000, run: () => Promise.resolve(others++) };
  const logged = () => lines.filter(({ msg }) => msg === 'a job failed').map(({ job }) => job);
  await whileRunning([bad, good], () => until(() => others === 1 && logged().length === 1, 'both were tried'), { log });
  expect(logged()).toEqual(['bad']);
  expect(await stateOf('bad')).toMatchObject({ failures: 1, sinceFinishedMs: undefined });
  const [row] = await database.query(
    `select due_at between now() + interval '50 s' and now() + interval '61 s' as is_soon from maintenance_jobs where name = 'bad'`,
  );
  expect(row).toEqual({ is_soon: true });
});

test('a statement that times out every time is logged', async () => {
  const slow = openDatabase({ ...database, statementTimeoutMs: 100 });
  const { log, lines } = collectedLog();
  const job: Job = { name: 'too long', everyMs: 60_000, run: ({ db: own }) => own.pool.query('select pg_sleep(5)') };
  const logged = () => lines.some(({ msg }) => msg === 'a job failed');
  await whileRunning([job], () => until(logged, 'it is told'), { log, db: slow });
  await slow.close();
});
