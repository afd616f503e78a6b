import {
  checkKeyRing,
  type Database,
  findApiKey,
  isMigrated,
  isUnavailable,
  keepProcessRow,
  openDatabase,
  schema,
} from '@fechatter/drizzle';
import {
  responseHeaders,
  cachedKeys,
  type Config,
  createLog,
  createMetrics,
  createApiKeys,
  createTokenVerifier,
  databaseAccess,
  listenForMetrics,
  type Log,
  type PublishedKey,
  type RunningService,
  runService,
} from '@fechatter/service-kit';
import { createApp } from './app.ts';
import { loadSessions } from './attach/stored-access.ts';
import { COME_BACK_MS } from './http/plain-stream.ts';
import type { NotifyService } from './http/service.ts';
import { startKeepAlive } from './hub/keep-alive.ts';
import { startSessionSweep } from './hub/session-sweep.ts';
import { limits } from '@fechatter/contract';
import { eventLag, registerNotifyMetrics } from './metrics/notify-metrics.ts';
import { deleteExpiredTickets } from './notification/ticket.ts';
import { notifyChecks } from './ready.ts';
import { createStreams } from './start-streams.ts';
import type { PresencePeriods } from './presence/periods.ts';
import { onceMigrated } from './once-migrated.ts';

/** Options for tests. */
export interface StartOptions {
  readonly log?: Log;
  readonly pingMs?: number;
  readonly sweepMs?: number;
  readonly ringRows?: number;
  readonly comeBackMs?: number;
  readonly presence?: Partial<PresencePeriods>;
}

export type RunningNotify = RunningService;

const RING_ROWS = 100_000;
const TICKET_SWEEP_MS = 60_000;

/** Starts the service and resolves when it listens; it delivers once the database is reachable and migrated. */
export async function startNotify(config: Config, options: StartOptions = {}): Promise<RunningNotify> {
  const log = options.log ?? createLog({ name: 'notify', ...config.log });
  const access = databaseAccess(config);
  const db = openDatabase({ ...access, plans: 'steady' });
  await refuseWrongRingEarly(config, db);
  const draining = new AbortController();
  const streams = createStreams({
    config,
    access,
    db,
    log,
    ringRows: options.ringRows ?? RING_ROWS,
    ...(options.presence && { periods: options.presence }),
  });
  const keepAlive = startKeepAlive(streams.hub, streams.turn, options.pingMs ?? limits.pingSeconds * 1_000);
  const onError = (error: unknown) => {
    if (!isUnavailable(error)) log.error({ err: error }, 'unexpected error in the background');
  };
  const sweep = startSessionSweep({
    roster: streams.hub.roster,
    loadSessions: (ids) => loadSessions(db.pool, ids),
    onError,
    ...(options.sweepMs !== undefined && { intervalMs: options.sweepMs }),
  });
  const ticketSweep = setInterval(() => void deleteExpiredTickets(db.pool).catch(onError), TICKET_SWEEP_MS);
  const keys = cachedKeys(async () => {
    const { kid, publicJwk } = schema.signingKeys;
    const rows = await db.tables.select({ kid, jwk: publicJwk }).from(schema.signingKeys);
    return rows as PublishedKey[];
  });
  const verifier = createTokenVerifier({
    keys,
    issuer: config.auth.issuer,
    audience: config.auth.audience,
    apiKeys: createApiKeys({ find: (sessionId) => findApiKey(db.pool, sessionId) }),
  });
  const isExposed = config.notify.metricsPort > 0 || config.metrics.token !== undefined;
  const metrics = createMetrics({ service: 'notify', isExposed });
  const watch = { lag: eventLag(metrics), clockOffsetMs: registerNotifyMetrics({ metrics, db, streams, verifier }) };
  const service: NotifyService = {
    streams,
    keepAlive,
    verifier,
    db: db.pool,
    log,
    metrics,
    responseHeaders: responseHeaders(config),
    bufferMaxBytes: config.notify.bufferMaxBytes,
    comeBackMs: options.comeBackMs ?? COME_BACK_MS,
    draining: draining.signal,
  };
  const stopped = new AbortController();
  let kept: Promise<void> | undefined;
  const migrated = onceMigrated({
    db,
    log,
    signal: draining.signal,
    // The database may have been down, or empty, when this process started.
    onReached: async () => {
      await refuseWrongRing(config, db);
      streams.follow(watch);
      kept = keepProcessRow({ db, service: 'notify', signal: stopped.signal, onError });
    },
  });
  const app = createApp({ config, service, ready: notifyChecks({ streams, db }) });

  const listener = await listenForMetrics({ port: config.notify.metricsPort, metrics, log });
  const release = async () => {
    listener.close();
    keepAlive.stop();
    sweep.stop();
    clearInterval(ticketSweep);
    draining.abort();
    stopped.abort();
    await migrated;
    await kept;
    await streams.stop();
    await db.close();
  };
  try {
    return await runService({
      config,
      host: config.notify.host,
      port: config.notify.port,
      log,
      fetch: (request, env) => app.fetch(request, env),
      draining,
      beforeClose: async () => {
        for (const transport of keepAlive.waiting) transport.cut();
        streams.hub.roster.clear();
      },
      close: release,
    });
  } catch (error) {
    await release();
    throw error;
  }
}

/** With other keys than the database was written with, every message would be unreadable. */
async function refuseWrongRing({ encryption }: Pick<Config, 'encryption'>, db: Database): Promise<void> {
  const ring = encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key) }));
  await checkKeyRing(db.pool, ring, 'compare');
}

/** Checked at start if the database is reachable and has tables; otherwise as soon as it has. */
async function refuseWrongRingEarly(config: Pick<Config, 'encryption'>, db: Database): Promise<void> {
  if (!(await isMigrated(db).catch(() => false))) return;
  try {
    await refuseWrongRing(config, db);
  } catch (error) {
    if (isUnavailable(error)) return;
    await db.close();
    throw error;
  }
}
