import { isMigrated, isUnavailable, logState, logWarnings, PROCESS_AWAY_SECONDS } from '@fechatter/drizzle';
import { mountPanel } from '@fechatter/panel';
import type { RestCall } from '@fechatter/rest';
import {
  bearerOf,
  createShell,
  isMeantAsKey,
  type IsSignedIn,
  isSignedInBy,
  mountMetrics,
  mountTrpc,
  type ReadyCheck,
  type ShellApp,
  type TrpcCall,
} from '@fechatter/service-kit';
import { publishedKeys } from './identity/signing-keys.ts';
import type { Context } from './context.ts';
import type { Deps } from './deps.ts';
import { isHook } from './rest/mount-hooks.ts';
import { isUpload } from './rest/mount-uploads.ts';
import { mountRestOfServer } from './rest/mount.ts';
import { appRouter } from './router.ts';
import { mountWeb } from './web/mount-web.ts';

/** The server's HTTP app. `draining` is aborted when the server begins to stop. */
export function createApp(deps: Deps, draining?: AbortSignal): ShellApp {
  const { config, log, metrics } = deps;
  const ready = () => readyChecks(deps);
  const isSignedInByToken = isSignedInBy(deps.tokens);
  const isSignedIn: IsSignedIn = async (authorization, address) => {
    const token = bearerOf(authorization);
    if (!isMeantAsKey('fcs', token)) return isSignedInByToken(authorization, address);
    return (await deps.serviceKeys.find(token, address)) !== undefined;
  };
  const app = createShell({
    config,
    log,
    metrics,
    ready,
    isUnavailable,
    isSignedIn,
    limitsItself: (c) => isUpload(c) || isHook(c),
    ...(draining && { draining }),
  });
  mountMetrics(app, metrics, config.metrics.token);
  app.get('/.well-known/jwks.json', async (c) => {
    const keys = await publishedKeys(deps.db);
    // Not longer than the time for which a new key is published before it signs.
    c.header('cache-control', 'public, max-age=60');
    return c.json({ keys: keys.map(({ kid, jwk }) => ({ ...jwk, kid, alg: 'EdDSA', use: 'sig' })) });
  });
  const createContext = (call: RestCall & Pick<TrpcCall, 'batch'>) => contextOf(deps, call);
  mountTrpc(app, { router: appRouter, createContext, log, isUnavailable });
  mountRestOfServer(app, deps, createContext);
  mountPanel(app, config, appRouter);
  mountWeb(app, config);
  return app;
}

/** The context of a request, over tRPC or REST. */
function contextOf(deps: Deps, call: RestCall & Pick<TrpcCall, 'batch'>): Context {
  const { req, requestId, clientAddress, resHeaders, signal, batch } = call;
  return {
    deps,
    requestId,
    signal,
    address: clientAddress,
    userAgent: req.headers.get('user-agent'),
    authorization: req.headers.get('authorization') ?? undefined,
    isFreshWanted: req.headers.get('cache-control')?.includes('no-cache') ?? false,
    responseHeaders: resHeaders,
    batch,
  };
}

async function readyChecks({ db, revoked }: Deps): Promise<readonly ReadyCheck[]> {
  const watch = { name: 'revocations', ok: revoked.isFresh, ...(!revoked.isFresh && { detail: 'not read for 2 s' }) };
  try {
    const ok = await isMigrated(db);
    const migrations = { name: 'migrations', ok, ...(!ok && { detail: 'the database is older' }) };
    const database = { name: 'database', ok: true };
    return ok
      ? [database, migrations, await logCheck(db), await workerCheck(db), watch]
      : [database, migrations, watch];
  } catch {
    return [{ name: 'database', ok: false, detail: 'cannot be reached' }, watch];
  }
}

/** Warns before the log stops. */
async function logCheck({ pool }: Deps['db']): Promise<ReadyCheck> {
  const warning = logWarnings(await logState(pool)).join('; ');
  return { name: 'event log', ok: true, ...(warning !== '' && { warning }) };
}

/** Without a worker people can send and read messages; retention, erasure and the like wait. */
async function workerCheck({ pool }: Deps['db']): Promise<ReadyCheck> {
  const { rows } = await pool.query<{ is_seen: boolean }>(
    `select exists (select 1 from processes
       where service = 'worker' and seen_at > clock_timestamp() - make_interval(secs => $1)) as is_seen`,
    [PROCESS_AWAY_SECONDS],
  );
  const warning = `no worker was seen for ${PROCESS_AWAY_SECONDS} s: retention and erasure wait`;
  return { name: 'worker', ok: true, ...(rows[0]?.is_seen !== true && { warning }) };
}
