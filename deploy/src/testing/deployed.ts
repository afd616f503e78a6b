import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@fechatter/testing/free-port';
import { buildProduction } from '../build/build-production.ts';
import { root } from '../build/root.ts';
import { proxyProcess } from './proxy-process.ts';
import { type BuiltService, builtService } from './service-processes.ts';
import { tlsPostgres } from './tls-postgres.ts';

const run = promisify(execFile);

/** The deployment of compose.yaml without Docker: the same scripts, files and settings as processes of this machine. */
export interface Deployed extends AsyncDisposable {
  /** The proxy's URL. */
  readonly url: string;
  /** The folder that the services run in. */
  readonly app: string;
  /** The owner's connection to Postgres, over TLS. */
  readonly owner: { readonly url: string; readonly ca: string };
  readonly servers: readonly [BuiltService, BuiltService];
  readonly notifies: readonly [BuiltService, BuiltService];
  readonly workers: readonly [BuiltService, BuiltService];
  /**
   * Runs an operator's command with the services' settings, trusting the proxy's certificate authority; returns its
   * output.
   */
  operate(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string>;
}

/** Builds, makes secrets, and starts everything. */
export async function deployed(): Promise<Deployed> {
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-deployed-'));
  // nginx's workers run as another user.
  await chmod(folder, 0o755);
  const ends: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const end = async () => {
    for (const one of ends.toReversed()) await one();
  };
  try {
    const app = join(folder, 'app');
    const [secrets] = await Promise.all([madeSecrets(folder), buildProduction(app)]);
    const postgres = await tlsPostgres(folder, secrets);
    ends.push(() => postgres.stop());
    const port = await freePort();
    const url = `https://localhost:${port}`;
    const settings = settingsOf(secrets, url);
    await run(process.execPath, ['bin/fechatter.js', 'database', 'prepare', ...passwordFiles(secrets)], {
      cwd: app,
      env: { NODE_ENV: 'production', ...settings.owner },
    });
    const start = async (name: 'server' | 'notify' | 'worker') => {
      const service = await builtService({ app, name, env: settings[name] });
      ends.push(() => service.kill());
      return service;
    };
    const servers = [await start('server'), await start('server')] as const;
    const notifies = [await start('notify'), await start('notify')] as const;
    const workers = [await start('worker'), await start('worker')] as const;
    const addresses = Object.fromEntries([...named('server', servers, 6688), ...named('notify', notifies, 6687)]);
    await mkdir(join(folder, 'nginx'));
    const proxy = await proxyProcess({ folder: join(folder, 'nginx'), addresses, secrets, port });
    ends.push(async () => proxy[Symbol.asyncDispose]());
    const owner = { url: postgres.url.replace('127.0.0.1', 'localhost'), ca: join(secrets, 'database-ca.crt') };
    const trust = { NODE_ENV: 'production', NODE_EXTRA_CA_CERTS: join(secrets, 'public-ca.crt') };
    const operate: Deployed['operate'] = async (args, given) => {
      const env = { ...settings.server, ...trust, ...given };
      const script = ['bin/fechatter.js', ...args];
      // A non-zero exit code is a result too.
      const { stdout } = await run(process.execPath, script, { cwd: app, env }).catch(
        (error: { stdout: string }) => error,
      );
      return stdout;
    };
    return { url, app, owner, servers, notifies, workers, operate, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The address on this machine for each name in the proxy's configuration. */
const named = (name: string, services: readonly BuiltService[], port: number) =>
  services.map((service, index) => [`${name}-${index + 1}:${port}`, `127.0.0.1:${service.port}`]);

/** Made by the operator's script. The database's certificate names this machine, because everything runs here. */
async function madeSecrets(folder: string): Promise<string> {
  const script = join(folder, 'make-secrets');
  await copyFile(join(root, 'deploy/compose/make-secrets'), script);
  await run('bash', [script, 'localhost', 'localhost']);
  return join(folder, 'secrets');
}

const passwordFiles = (secrets: string) =>
  ['server', 'notify', 'worker'].map((role) => `--${role}-password-file=${join(secrets, `${role}-password`)}`);

function settingsOf(secrets: string, url: string) {
  const file = (name: string) => join(secrets, name);
  // Set explicitly, because the database is on this machine here.
  const tls = { FECHATTER_DATABASE_TLS_MODE: 'verify-full', FECHATTER_DATABASE_TLS_CA: file('database-ca.crt') };
  const common = {
    ...tls,
    FECHATTER_SERVER_PUBLIC_URL: url,
    FECHATTER_NOTIFY_PUBLIC_URL: `${url}/notify`,
    FECHATTER_DATABASE_MIGRATE: 'false',
    FECHATTER_ENCRYPTION_KEYS_FILE: file('encryption-keys'),
    FECHATTER_SERVER_TRUSTED_PROXIES: '127.0.0.1',
    FECHATTER_HTTP_DRAIN_GRACE_MS: '0',
  };
  return {
    owner: { ...tls, FECHATTER_DATABASE_URL_FILE: file('owner-database-url') },
    notify: { ...common, FECHATTER_DATABASE_URL_FILE: file('notify-database-url') },
    worker: {
      ...tls,
      FECHATTER_DATABASE_URL_FILE: file('worker-database-url'),
      FECHATTER_PUSH_VAPID_KEY_FILE: file('vapid-key.pem'),
      FECHATTER_ENCRYPTION_KEYS_FILE: file('encryption-keys'),
    },
    server: {
      ...common,
      FECHATTER_DATABASE_URL_FILE: file('server-database-url'),
      FECHATTER_AUTH_SIGNING_KEYS_FILE: file('signing-keys.pem'),
      FECHATTER_AUTH_SECRET_FILE: file('auth-secret'),
    },
  };
}
