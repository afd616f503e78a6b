import {
  type EmbeddedPostgres,
  startPostgres,
  type StartOptions as PostgresOptions,
} from '@fechatter/embedded-postgres';
import { migrate, setAuditRetention } from '@fechatter/drizzle';
import { type Config, databaseAccess, isEverywhere, urlHost } from '@fechatter/service-kit';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setUpDatabase } from './database-setup.ts';
import { type KeyFiles, keyFiles } from './key-files.ts';
import { openLogFile } from './log-file.ts';
import { printMailLinks } from './mail-links.ts';
import { claimPort } from './port-check.ts';
import { keepService, type ServiceProcess } from './service-process.ts';
import { untilReady } from './until-ready.ts';
import { buildWebSite } from './web-site.ts';

export interface StartOptions {
  readonly config: Config<'launcher'>;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
  /** Aborted when the user stops the start. */
  readonly signal: AbortSignal;
}

/** What one `start` runs. */
export interface Running {
  readonly postgres: EmbeddedPostgres | undefined;
  readonly services: readonly ServiceProcess[];
  /** Whether the server serves a page at /. */
  readonly hasWebSite: boolean;
  /** Stops the services, then Postgres. */
  stop(): Promise<void>;
}

const READY_MS = 60_000;
const RESTART_FIRST_MS = 200;
const RESTART_MAX_MS = 5_000;
const names = ['server', 'notify', 'worker'] as const;
const entryOf = (name: string) => fileURLToPath(new URL(`../../${name}/src/main.ts`, import.meta.url));

/** Starts Postgres if no database is configured, then the services; resolves when all are ready. */
export async function start({ config, env, print, signal }: StartOptions): Promise<Running> {
  // Other users may traverse the folder: as root, Postgres may have to run as a user that owns nothing above its own
  // folder.
  await mkdir(config.dataDir, { recursive: true, mode: 0o711 });
  for (const name of names) await claimPort(name, config[name].host, config[name].port);
  // In production no secret is made up: if one is missing, the service stops with a line that names it.
  const keys = config.isProduction ? undefined : await keyFiles(config.dataDir);
  if (keys?.areNew) print(`made new keys in ${keys.folder}`);

  // Takes a second or two, while the rest starts anyway.
  const webSite = webSiteOf(config, print, signal);
  const { url } = config.database;
  const database = url === undefined ? await embedded(config, print) : undefined;
  if (url !== undefined) {
    const owner = databaseAccess({ ...config, database: { ...config.database, url } });
    await migrate(owner);
    await setAuditRetention(owner, config.audit.retentionDays);
  }
  const services: ServiceProcess[] = [];
  const ended = new AbortController();
  const running = {
    get postgres() {
      return database?.postgres();
    },
    services,
    hasWebSite: false,
    async stop() {
      ended.abort();
      await Promise.all(services.map((service) => service.stop()));
      await database?.stop();
    },
  };
  try {
    const hopeless = new AbortController();
    const givenUp = AbortSignal.any([signal, hopeless.signal]);
    for (const name of names) {
      const path = join(config.dataDir, `${name}.log`);
      const given = {
        ...(keys && secretsOf(name, env, keys)),
        ...(database && { FECHATTER_DATABASE_URL: database.urls[name] }),
        FECHATTER_DATABASE_MIGRATE: 'false',
      };
      services.push(
        keepService({
          name,
          entry: entryOf(name),
          env: { ...env, ...given },
          log: openLogFile(path),
          print,
          onHopeless: (words) => hopeless.abort(new Error(`${name} could not be started (see ${path}):\n${words}`)),
        }),
      );
    }
    await Promise.all(names.map((name) => untilReady(addressOf(config[name]), READY_MS, givenUp)));
    for (const service of services) service.markReady();
    running.hasWebSite = await webSite;
    if (config.mail.via === 'files') void printMailLinks(join(config.dataDir, 'mail'), print, ended.signal);
    return running;
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** A page that cannot be built does not stop the start; the reason is printed. */
async function webSiteOf(
  { server, isProduction }: Config<'launcher'>,
  print: (line: string) => void,
  signal: AbortSignal,
) {
  if (server.web !== undefined || isProduction) return server.web !== undefined && server.web !== 'off';
  try {
    await buildWebSite(signal);
    return true;
  } catch (error) {
    if (!signal.aborted) print(`the page at / could not be built: ${String(error)}`);
    return false;
  }
}

interface Embedded {
  readonly urls: Record<(typeof names)[number], string>;
  postgres(): EmbeddedPostgres;
  stop(): Promise<void>;
}

/** Postgres in the data folder, restarted on the same port whenever it ends. */
async function embedded({ dataDir, audit }: Config<'launcher'>, print: (line: string) => void): Promise<Embedded> {
  const options = { dataDir: join(dataDir, 'postgres'), log: print };
  let postgres = await startPostgres(options);
  const { port } = postgres;
  const stopped = new AbortController();
  const keep = async () => {
    for (;;) {
      await postgres.exited;
      if (stopped.signal.aborted) return;
      print('Postgres ended unexpectedly; starting it again');
      const next = await startAgain({ ...options, port }, print, stopped.signal);
      if (next === undefined) return;
      postgres = next;
      // `stop` was called during the restart, and has stopped only the process that had ended.
      if (stopped.signal.aborted) await postgres.stop();
    }
  };
  const kept = keep().catch((error: unknown) => print(`Postgres cannot be started again: ${String(error)}`));
  const stop = async () => {
    stopped.abort();
    await postgres.stop();
    await kept;
  };
  try {
    const urls = await setUpDatabase(postgres.url, join(dataDir, 'keys'), audit.retentionDays);
    return { urls, postgres: () => postgres, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Retries until Postgres runs: what blocks it, such as a program on its port, may go away. Returns undefined when
 * `signal` aborts.
 */
async function startAgain(
  options: PostgresOptions,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<EmbeddedPostgres | undefined> {
  for (let pauseMs = RESTART_FIRST_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, RESTART_MAX_MS)) {
    try {
      return await startPostgres(options);
    } catch (error) {
      print(`Postgres cannot be started again yet: ${String(error)}`);
    }
    await wait(pauseMs, undefined, { signal }).catch(() => {});
  }
  return undefined;
}

/** The secrets that a service needs and that the operator did not set. */
function secretsOf(name: (typeof names)[number], env: NodeJS.ProcessEnv, keys: KeyFiles): NodeJS.ProcessEnv {
  const files = {
    FECHATTER_ENCRYPTION_KEYS: keys.encryptionKeys,
    ...(name === 'worker' && { FECHATTER_PUSH_VAPID_KEY: keys.vapidKey }),
    ...(name === 'server' && { FECHATTER_AUTH_SIGNING_KEYS: keys.signingKeys, FECHATTER_AUTH_SECRET: keys.secret }),
  };
  const unset = Object.entries(files).filter(([key]) => !env[key] && !env[`${key}_FILE`]);
  return Object.fromEntries(unset.map(([key, path]) => [`${key}_FILE`, path]));
}

/** The URL at which this process reaches a service on this machine. */
export function addressOf({ host, port }: { readonly host: string; readonly port: number }): string {
  const loopback = host.includes(':') ? '[::1]' : '127.0.0.1';
  return `http://${isEverywhere(host) ? loopback : urlHost(host)}:${port}`;
}
