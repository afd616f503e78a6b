import { migrate, openDatabase } from '@fechatter/drizzle';
import { type EmbeddedPostgres, startPostgres } from '@fechatter/embedded-postgres';
import { startServer } from '@fechatter/server';
import { databaseAccess } from '@fechatter/service-kit';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { chmod, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { type Authority, authority, type Certificate } from '@fechatter/testing/certificates';
import { refusedStart } from './service-processes.ts';

let folder: string;
let postgres: EmbeddedPostgres;
let ours: Authority;
let theirs: Authority;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fechatter-tls-'));
  [postgres, ours, theirs] = await Promise.all([
    startPostgres({ dataDir: join(folder, 'postgres'), durable: false }),
    authority('Our authority'),
    authority('Somebody else'),
  ]);
  await migrate({ url: postgres.url, applicationName: 'tls' });
});
afterAll(async () => {
  await postgres.stop();
  for (const one of [ours, theirs]) await one[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Gives the running Postgres a certificate for new connections. */
async function present({ cert, key }: Certificate): Promise<void> {
  const data = join(postgres.dataDir, 'data');
  const { uid, gid } = await stat(data);
  for (const [name, text] of [
    ['server.crt', cert],
    ['server.key', key],
  ] as const) {
    await writeFile(join(data, name), text);
    await chmod(join(data, name), 0o600);
    await chown(join(data, name), uid, gid);
  }
  const db = openDatabase({ url: postgres.url, applicationName: 'tls' });
  await db.pool.query('alter system set ssl = on');
  await db.pool.query('select pg_reload_conf()');
  await db.close();
}

/** The URL of the database under a host name of a certificate. */
const urlFor = (host: string) => Object.assign(new URL(postgres.url), { hostname: host }).href;
const settings = (env: Readonly<Record<string, string>> = {}) => ({
  FECHATTER_DATABASE_URL: urlFor('localhost'),
  FECHATTER_DATABASE_MIGRATE: 'false',
  FECHATTER_DATABASE_TLS_MODE: 'verify-full',
  FECHATTER_DATABASE_TLS_CA: ours.cert,
  ...env,
});
/** Whether a connection is encrypted; the error if there is none. */
async function outcome(env: Readonly<Record<string, string>> = {}): Promise<string> {
  const db = openDatabase(databaseAccess(testConfig('server', settings(env))));
  try {
    const { rows } = await db.pool.query<{ ssl: boolean; version: string | null }>(
      'select ssl, version from pg_stat_ssl where pid = pg_backend_pid()',
    );
    return rows[0]?.ssl ? `encrypted with ${rows[0].version}` : 'in clear';
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).message;
  } finally {
    await db.close();
  }
}
/** Waits until Postgres uses the new certificate. */
const becomes = (expected: string | RegExp, env?: Readonly<Record<string, string>>) =>
  until(async () => ((await outcome(env)).match(expected) ? true : undefined), `the database responds ${expected}`);

test('a database without TLS is refused if TLS is required', async () => {
  expect(await outcome()).toBe('The server does not support SSL connections');
  expect(await outcome({ FECHATTER_DATABASE_TLS_MODE: 'disable' })).toBe('in clear');
});

test('a good certificate: a whole server runs over TLS, its pool and its own connections', async () => {
  await present(await ours.sign('localhost'));
  await becomes(/^encrypted with TLSv1\.[23]$/);
  const server = await startServer(testConfig('server', settings()), { log: silentLog() });
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  const { rows } = await server.deps.db.pool.query(
    `select distinct s.ssl from pg_stat_ssl s join pg_stat_activity a on a.pid = s.pid
     where a.application_name like 'fechatter-server%'`,
  );
  expect(rows).toEqual([{ ssl: true }]);
  await server.close();
});

test('an unknown authority is refused, unless checking is switched off by name', async () => {
  await present(await theirs.sign('localhost'));
  await becomes('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  expect(await outcome({ FECHATTER_DATABASE_TLS_MODE: 'verify-ca' })).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  expect(await outcome({ FECHATTER_DATABASE_TLS_CA: '' })).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  expect(await outcome({ FECHATTER_DATABASE_TLS_MODE: 'require' })).toMatch(/^encrypted/);
});

test('a certificate for another host is refused by verify-full, also where the database is named by its address', async () => {
  await present(await ours.sign('db.example.com'));
  await becomes('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(await outcome({ FECHATTER_DATABASE_TLS_MODE: 'verify-ca' })).toMatch(/^encrypted/);
  await present(await ours.sign('localhost'));
  await becomes(/^encrypted/);
  expect(await outcome({ FECHATTER_DATABASE_URL: urlFor('127.0.0.1') })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
});

test('an expired certificate is refused, and the service reports it at start', async () => {
  await present(await ours.sign('localhost', -1));
  await becomes('CERT_HAS_EXPIRED');
  const { code, output } = await refusedStart('server', settings());
  expect(code).toBe(1);
  expect(output).toMatch(/certificate has expired/);
});

test('no parameter of the URL weakens tls.mode', async () => {
  await present(await theirs.sign('localhost'));
  await becomes('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  for (const query of ['sslmode=no-verify', 'sslmode=prefer', 'sslmode=disable', 'sslmode=allow&sslmode=disable']) {
    const url = `${urlFor('localhost')}?${query}`;
    expect([query, await outcome({ FECHATTER_DATABASE_URL: url })]).toEqual([query, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']);
  }
});

test.each(['ssl=0', 'ssl=false', 'sslmode=disable&ssl=0', 'SSL=0', 'sslrootcert=/x', 'uselibpqcompat=true'])(
  'a URL with its own TLS parameters (%s) is refused',
  async (query) => {
    const env = { ...settings(), FECHATTER_DATABASE_URL: `${urlFor('localhost')}?${query}` };
    const { code, output } = await refusedStart('notify', env);
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/FECHATTER_DATABASE_URL.*database\.tls, not in the URL\n$/s),
    ]);
    expect(output).not.toContain(new URL(postgres.url).password);
  },
);

test('verify-full is the default for every host but this one', () => {
  const modeFor = (url: string) => {
    const env = { FECHATTER_DATABASE_URL: url };
    return testConfig('server', env).database.tls.mode;
  };
  for (const host of ['db.example.com', '10.0.0.7', '[2001:db8::1]', '128.0.0.1', 'localhost.example.com'])
    expect([host, modeFor(`postgres://u:p@${host}:5432/d`)]).toEqual([host, 'verify-full']);
  for (const host of ['localhost', '127.0.0.1', '127.8.8.8', '[::1]'])
    expect([host, modeFor(`postgres://u:p@${host}:5432/d`)]).toEqual([host, 'disable']);
  for (const query of ['sslmode=prefer', 'sslmode=no-verify', 'sslmode=allow'])
    expect([query, modeFor(`postgres://u:p@db.example.com/d?${query}`)]).toEqual([query, 'verify-full']);
});
