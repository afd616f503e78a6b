import { type Consumer, createNotifier, isUnavailable, openDatabase } from '@fechatter/drizzle';
import { createFolderStore } from '@fechatter/file-store';
import {
  type Config,
  createLog,
  createMetrics,
  databaseAccess,
  listenForMetrics,
  type Log,
  type RunningService,
  runService,
} from '@fechatter/service-kit';
import { createApp } from './app.ts';
import { jobs as allJobs } from './maintenance/jobs.ts';
import type { Job } from './maintenance/job.ts';
import { tellWorker } from './metrics.ts';
import { workerChecks } from './ready.ts';
import { searchWork } from './search-index/search-work.ts';
import { startWork } from './work.ts';

/** What tests override. */
export interface StartOptions {
  readonly log?: Log;
  readonly jobs?: readonly Job[];
  /** Replaces the consumers that the settings select. */
  readonly consumers?: readonly Consumer[];
}

const TELL_AGAIN_MS = 30_000;

/** Starts a worker and resolves when it listens; it begins to work once the database is reachable and migrated. */
export async function startWorker(
  config: Config<'worker'>,
  { log = createLog({ name: 'worker', ...config.log }), jobs = allJobs, consumers: given }: StartOptions = {},
): Promise<RunningService> {
  const access = databaseAccess(config);
  const db = openDatabase(access);
  const { host, port, metricsPort } = config.worker;
  const isExposed = metricsPort > 0 || config.metrics.token !== undefined;
  const metrics = createMetrics({ service: 'worker', isExposed });
  const stopped = new AbortController();
  const draining = new AbortController();
  let toldAtMs = Number.NEGATIVE_INFINITY;
  const onError = (error: unknown) => {
    // While the database is down every attempt fails.
    if (isUnavailable(error) && performance.now() - toldAtMs < TELL_AGAIN_MS) return;
    toldAtMs = performance.now();
    log.warn({ err: error }, 'the database cannot be used; trying again');
  };
  const store = createFolderStore(config.files.folder);
  const deps = { db, notifier: createNotifier(db.pool), log, config, store };
  const search = config.search.enabled && given === undefined ? searchWork(config, log) : undefined;
  const consumers = given ?? (search === undefined ? [] : [search.consumer]);
  const work = startWork({ deps, access, jobs, consumers, search, signal: stopped.signal, onError });
  const names = { jobs: jobs.map(({ name }) => name), consumers: consumers.map(({ name }) => name) };
  tellWorker({ metrics, db, work, names });
  const ready = workerChecks({ db, work, names });
  const app = createApp({ config, log, metrics, draining: draining.signal, ready });
  const listener = await listenForMetrics({ port: metricsPort, metrics, log });
  const close = async () => {
    listener.close();
    stopped.abort();
    await work.ended;
    await db.close();
  };
  try {
    return await runService({ config, host, port, log, fetch: app.fetch, draining, close });
  } catch (error) {
    await close();
    throw error;
  }
}
