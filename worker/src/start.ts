import {
  type Consumer,
  createFileKeys,
  createMessageCipher,
  createNotifier,
  createSecretCipher,
  isUnavailable,
  openDatabase,
} from '@fechatter/drizzle';
import { storesOf } from '@fechatter/file-store';
import {
  type Clamd,
  type Config,
  createGuardedRequest,
  createLog,
  createMetrics,
  databaseAccess,
  type GuardedRequest,
  listenForMetrics,
  type Log,
  type RunningService,
  runService,
} from '@fechatter/service-kit';
import { createApp } from './app.ts';
import { jobs as allJobs } from './maintenance/jobs.ts';
import type { Job } from './maintenance/job.ts';
import { mentionConsumer } from './mail/mention-consumer.ts';
import { mailsMentions } from './mail/queue-mention-digests.ts';
import { registerWorkerMetrics } from './metrics.ts';
import { pushConsumer } from './push/push-consumer.ts';
import { pushWork } from './push/push-work.ts';
import { workerChecks } from './ready.ts';
import { searchWork } from './search-index/search-work.ts';
import { webhookConsumer } from './webhooks/webhook-consumer.ts';
import { startWork } from './work.ts';

/** What tests override. */
export interface StartOptions {
  readonly log?: Log;
  readonly jobs?: readonly Job[];
  /** Replaces the consumers that the settings select. */
  readonly consumers?: readonly Consumer[];
  /** Replaces the way out to addresses that people gave. */
  readonly request?: GuardedRequest;
}

const LOG_AGAIN_MS = 30_000;

/** Starts a worker and resolves when it listens; it begins to work once the database is reachable and migrated. */
export async function startWorker(
  config: Config<'worker'>,
  {
    log = createLog({ name: 'worker', ...config.log }),
    jobs = allJobs,
    consumers: given,
    request = createGuardedRequest(config),
  }: StartOptions = {},
): Promise<RunningService> {
  const access = databaseAccess(config);
  const db = openDatabase(access);
  const { host, port, metricsPort } = config.worker;
  const isExposed = metricsPort > 0 || config.metrics.token !== undefined;
  const metrics = createMetrics({ service: 'worker', isExposed });
  const stopped = new AbortController();
  const draining = new AbortController();
  let loggedAtMs = Number.NEGATIVE_INFINITY;
  const onError = (error: unknown) => {
    // While the database is down every attempt fails.
    if (isUnavailable(error) && performance.now() - loggedAtMs < LOG_AGAIN_MS) return;
    loggedAtMs = performance.now();
    log.warn({ err: error }, 'the database cannot be used; trying again');
  };
  const stores = storesOf(config.files);
  const ring = config.encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key) }));
  const deps = {
    db,
    notifier: createNotifier(db.pool),
    log,
    config,
    stores,
    clamd: clamdOf(config),
    fileKeys: createFileKeys(ring),
    cipher: createMessageCipher(ring),
    webhookCipher: createSecretCipher(ring, 'webhook'),
    request,
    onUnreadable: (err: unknown) => log.error({ err }, 'an event can only be sent with placeholders'),
  };
  const search = config.search.enabled && given === undefined ? searchWork(config, log) : undefined;
  const push = pushWork(config);
  const consumers = given ?? [
    webhookConsumer,
    ...(search === undefined ? [] : [search.consumer]),
    ...(push === undefined ? [] : [pushConsumer]),
    ...(mailsMentions(config) ? [mentionConsumer] : []),
  ];
  const work = startWork({ deps, access, jobs, consumers, search, push, signal: stopped.signal, onError });
  const names = { jobs: jobs.map(({ name }) => name), consumers: consumers.map(({ name }) => name) };
  registerWorkerMetrics({ metrics, db, work, names, stores });
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

function clamdOf({ files }: Config<'worker'>): Clamd | undefined {
  const { host, port } = files.clamav;
  return host === undefined ? undefined : { host, port };
}
