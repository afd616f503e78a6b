import { isUnavailable, keepProcessRow, migrate, setAuditRetention } from '@fechatter/drizzle';
import {
  type Config,
  createLog,
  databaseAccess,
  listenForMetrics,
  type Log,
  type RunningService,
  runService,
} from '@fechatter/service-kit';
import { createApp } from './app.ts';
import { runInBackground } from './background.ts';
import { closeDeps, type Deps, openDeps } from './deps.ts';
import { registerServerMetrics } from './metrics.ts';

/** A running server and its parts. */
export interface RunningServer extends RunningService {
  readonly deps: Deps;
}

/** Starts a server. It migrates the database first, unless the settings leave that to something else. */
export async function startServer(
  config: Config<'server'>,
  { log = createLog({ name: 'server', ...config.log }) }: { readonly log?: Log } = {},
): Promise<RunningServer> {
  if (config.database.migrate) {
    await migrate(databaseAccess(config));
    await setAuditRetention(databaseAccess(config), config.audit.retentionDays);
  }
  const deps = await openDeps(config, log);
  const draining = new AbortController();
  const app = createApp(deps, draining.signal);
  const { host, port, metricsPort } = config.server;
  const stopped = new AbortController();
  const background = runInBackground(deps, stopped.signal);
  const onError = (error: unknown) => {
    if (!isUnavailable(error)) log.error({ err: error }, 'unexpected error in the background');
  };
  const kept = keepProcessRow({ db: deps.db, service: 'server', signal: stopped.signal, onError });
  registerServerMetrics(deps);
  const listener = await listenForMetrics({ port: metricsPort, metrics: deps.metrics, log });
  const close = async () => {
    listener.close();
    stopped.abort();
    await Promise.all([background, kept]);
    await closeDeps(deps);
  };
  try {
    const service = await runService({ config, host, port, log, fetch: app.fetch, draining, close });
    return { ...service, deps };
  } catch (error) {
    await close();
    throw error;
  }
}
