import { runCli } from '@fechatter/cli';
import { grantServiceRoles, migrate } from '@fechatter/drizzle';
import { testDatabase } from '@fechatter/drizzle/testing';
import { startPostgres } from '@fechatter/embedded-postgres';
import { startNotify } from '@fechatter/notify';
import { startServer } from '@fechatter/server';
import { silentLog, testConfig, testEnvironment } from '@fechatter/service-kit/testing';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { startWorker } from '@fechatter/worker';
import { until } from '@fechatter/testing/until';
import { bufferingProxy } from './buffering-proxy.ts';
import { deafProxy } from './deaf-proxy.ts';

interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'problem' | 'skipped';
  readonly found: string;
  readonly todo?: string;
}
interface Diagnosis {
  readonly problems: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
}

const folder = await mkdtemp(join(tmpdir(), 'fechatter-doctor-'));
// As in production: acknowledged writes survive a crash, and each service has a role of least rights.
const postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
const owner = new pg.Client({ connectionString: postgres.url });
await owner.connect();
await migrate({ url: postgres.url, applicationName: 'doctor' });
await grantServiceRoles(
  { url: postgres.url, applicationName: 'doctor' },
  { server: 's'.repeat(24), notify: 'n'.repeat(24), worker: 'w'.repeat(24) },
);
const asRole = (username: string, password: string) =>
  Object.assign(new URL(postgres.url), { username, password }).href;
const common = { FECHATTER_DATABASE_MIGRATE: 'false' };
const server = await startServer(
  testConfig('server', { ...common, FECHATTER_DATABASE_URL: asRole('fechatter_server', 's'.repeat(24)) }),
  { log: silentLog() },
);
const notify = await startNotify(
  testConfig('notify', { ...common, FECHATTER_DATABASE_URL: asRole('fechatter_notify', 'n'.repeat(24)) }),
  { log: silentLog() },
);
const worker = await startWorker(
  testConfig('worker', { FECHATTER_DATABASE_URL: asRole('fechatter_worker', 'w'.repeat(24)) }),
  { log: silentLog() },
);
await until(
  async () => (await owner.query(`select from processes where service = 'worker'`)).rowCount === 1,
  'the worker reports that it runs',
);
const account = { email: 'doctor@example.com', password: 'a password for doctor' };
await fetch(`${server.url}/api/auth/signup`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ ...account, full_name: 'Doctor' }),
});
afterAll(async () => {
  await owner.end();
  await Promise.all([server.close(), notify.close(), worker.close()]);
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

const sound = {
  ...testEnvironment,
  FECHATTER_DATABASE_URL: postgres.url,
  FECHATTER_SERVER_PUBLIC_URL: server.url,
  FECHATTER_NOTIFY_PUBLIC_URL: notify.url,
  DOCTOR_EMAIL: account.email,
  DOCTOR_PASSWORD: account.password,
};

async function doctor(
  env: Readonly<Record<string, string>>,
  ...options: string[]
): Promise<Diagnosis & { code: number }> {
  let out = '';
  let err = '';
  const code = await runCli(['doctor', '--json', ...options], {
    env: { ...sound, ...env },
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    signal: new AbortController().signal,
  });
  expect(err).toBe('');
  expect(out).not.toContain(account.password);
  return { code, ...(JSON.parse(out) as Diagnosis) };
}
const wrong = ({ findings }: Diagnosis) =>
  findings.flatMap(({ status, check, found }) => (status === 'ok' ? [] : [`${status} ${check}: ${found}`]));

test('a healthy deployment has no findings', async () => {
  const diagnosis = await doctor({});
  expect(wrong(diagnosis)).toEqual([]);
  expect(diagnosis.code).toBe(0);
  expect(diagnosis.findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining([
      'LISTEN',
      'migrations',
      'role fechatter_notify',
      'encryption keys',
      'event log',
      'files',
      'stream',
    ]),
  );
});

test('the command sends a test mail, and reports why it could not', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'fechatter-doctor-mail-'));
  const files = { FECHATTER_MAIL_VIA: 'files', FECHATTER_DATA_DIR: dataDir };
  const sent = await doctor(files, '--no-services', '--mail', 'ops@example.com');
  expect(sent.findings.at(-1)).toMatchObject({ check: 'mail', status: 'ok' });
  const [file = ''] = await readdir(join(dataDir, 'mail'));
  expect(await readFile(join(dataDir, 'mail', file), 'utf8')).toMatch(/^To: ops@example\.com$/m);
  const host = { FECHATTER_MAIL_VIA: 'smtp', FECHATTER_MAIL_HOST: '127.0.0.1', FECHATTER_MAIL_PORT: '1' };
  const away = await doctor(
    { ...host, FECHATTER_MAIL_FROM: 'chat@example.com' },
    '--no-services',
    '--mail',
    'ops@example.com',
  );
  expect(wrong(away)).toEqual([expect.stringMatching(/^problem mail: 127\.0\.0\.1:1 took none: E/)]);
  expect(wrong(await doctor({}, '--no-services', '--mail', 'ops@example.com'))).toEqual([
    'problem mail: this deployment sends none',
  ]);
  await rm(dataDir, { recursive: true });
});

test('it says which kinds of pushes are sent, which key no worker has, and which is refused', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const apns = {
    FECHATTER_PUSH_APNS_KEY: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    FECHATTER_PUSH_APNS_KEY_ID: 'ABC123DEFG',
    FECHATTER_PUSH_APNS_TEAM_ID: 'DEF123GHIJ',
  };
  const pushes = async () =>
    (await doctor(apns, '--no-services')).findings.find(({ check }) => check === 'pushes') ?? expect.fail('no finding');
  expect(await pushes()).toMatchObject({
    status: 'warning',
    found: 'no worker sends Apns with the key that is given here',
  });
  await owner.query(`insert into push_kinds (kind, public_key) values ('Apns', null), ('WebPush', 'key')`);
  expect(await pushes()).toMatchObject({ status: 'ok', found: 'workers send Apns, WebPush' });
  await owner.query(
    `insert into push_subscriptions (id, user_id, session_id, kind, address_hash, host, sealed, failure, failing_since)
     select gen_random_uuid(), user_id, id, 'Apns', 'hash', 'Apns', 'sealed', '403', now() from live_sessions limit 1`,
  );
  expect(await pushes()).toMatchObject({
    status: 'problem',
    found: 'push services refuse the key of Apns for 1 subscriptions',
    todo: expect.stringMatching(/^Check push\.apns\.key/),
  });
  await owner.query('delete from push_subscriptions');
  await owner.query('delete from push_kinds');
});

test('an unreachable database is reported once, without further findings', async () => {
  const diagnosis = await doctor({ FECHATTER_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }, '--no-services');
  expect(diagnosis.code).toBe(1);
  expect(wrong(diagnosis)).toEqual([
    expect.stringMatching(/^problem database: cannot be reached: .*ECONNREFUSED/),
    'skipped database: everything else of it, because it cannot be used',
  ]);
});

test('a database without tables is reported once, without further findings', async () => {
  await owner.query('create database bare');
  const url = Object.assign(new URL(postgres.url), { pathname: '/bare' }).href;
  const { findings } = await doctor({ FECHATTER_DATABASE_URL: url }, '--no-services');
  expect(findings.slice(-2)).toMatchObject([
    { check: 'migrations', status: 'problem', found: 'none has run' },
    { check: 'database', status: 'skipped' },
  ]);
});

test('a cluster without durability, without tables and without accounts is reported with what to do', async () => {
  await using database = await testDatabase();
  await database.query('drop table event_log_p2, event_log_p3');
  const diagnosis = await doctor({
    FECHATTER_DATABASE_URL: database.url,
    FECHATTER_SERVER_PUBLIC_URL: 'http://127.0.0.1:1',
    FECHATTER_NOTIFY_PUBLIC_URL: server.url,
    DOCTOR_EMAIL: '',
  });
  expect(diagnosis.code).toBe(1);
  expect(wrong(diagnosis)).toEqual(
    expect.arrayContaining([
      'problem fsync: off',
      'problem full_page_writes: off',
      'problem signing keys: none is published',
      'problem event log: 1 partitions ahead, expected 2 or more: no process makes them',
      'warning followers: no notify was seen in the last 60 s',
      expect.stringMatching(/^problem server at http:\/\/127\.0\.0\.1:1: does not respond/),
      `problem notify at ${server.url}: is server`,
    ]),
  );
  for (const { status, todo } of diagnosis.findings)
    if (status === 'problem' || status === 'warning') expect(todo).toMatch(/\w/);
});

test('a pooler that drops LISTEN is found', async () => {
  await using proxy = await deafProxy(postgres.url);
  expect(wrong(await doctor({ FECHATTER_DATABASE_URL: proxy.url }, '--no-services'))).toEqual([
    'problem LISTEN: a notification did not arrive: a pooler in transaction mode is in front of the database',
  ]);
});

test('a proxy that buffers events is found', async () => {
  await using proxy = await bufferingProxy(notify.url);
  const diagnosis = await doctor({ FECHATTER_NOTIFY_PUBLIC_URL: proxy.url });
  expect(wrong(diagnosis)).toEqual(['problem stream: nothing came in 5 s: a proxy holds events back']);
});

test('another ring of keys, a wrong password and too small a database are found', async () => {
  const ring = `7:${Buffer.alloc(32, 7).toString('base64')}`;
  const diagnosis = await doctor({
    FECHATTER_ENCRYPTION_KEYS: ring,
    FECHATTER_DATABASE_POOL_SIZE: '150',
    DOCTOR_PASSWORD: 'not the password',
  });
  expect(wrong(diagnosis)).toEqual([
    expect.stringMatching(/^problem connections: \d+ of 197 in use; .* up to 309/),
    expect.stringMatching(/^problem encryption keys: encryption.keys lacks key 1/),
    'problem stream: signing in returned 401',
  ]);
});

test('settings that slow or endanger a running database are reported', async () => {
  await owner.query('alter database postgres set synchronous_commit = off');
  await owner.query('grant insert on messages to fechatter_notify');
  await owner.query(`select pg_create_physical_replication_slot('forgotten', true)`);
  const diagnosis = await doctor({}, '--no-services');
  await owner.query('alter database postgres reset synchronous_commit');
  await owner.query('revoke insert on messages from fechatter_notify');
  await owner.query(`select pg_drop_replication_slot('forgotten')`);
  expect(wrong(diagnosis)).toEqual([
    'problem synchronous_commit: off',
    expect.stringMatching(/^warning write-ahead log: slot forgotten has no reader and keeps \d+ MiB/),
    'problem role fechatter_notify: may do what it must not: insert on messages',
  ]);
});

test('a log that another cluster has written is reported with the command that repairs it', async () => {
  await using database = await testDatabase();
  await database.query(`update log_tick set snap = '99999999:99999999:'`);
  const { findings } = await doctor({ FECHATTER_DATABASE_URL: database.url }, '--no-services');
  expect(findings.find(({ check }) => check === 'event log')).toEqual({
    check: 'event log',
    status: 'problem',
    found: 'was written by another cluster: nothing is delivered',
    todo: 'After a restore into another cluster: pnpm fechatter log reset --yes',
  });
});

test('a missing worker and a failing job are reported', async () => {
  await using database = await testDatabase();
  await database.query(`insert into maintenance_jobs (name, failures) values ('purge-expired', 3)`);
  const diagnosis = await doctor({ FECHATTER_DATABASE_URL: database.url }, '--no-services');
  const ofWorkers = diagnosis.findings.filter(({ check }) => check === 'workers').map(({ found }) => found);
  expect(ofWorkers).toEqual(['none was seen in the last 60 s', 'purge-expired failed the last time']);
});

test('a file whose content is missing or incomplete is found', async () => {
  const files = await mkdtemp(join(tmpdir(), 'fechatter-doctor-files-'));
  await owner.query(
    `insert into files (id, workspace_id, chat_id, uploader_id, state, size_bytes, mime)
     values ('01a20352-5a67-76b7-913c-1b8f539e2701', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'Ready', 3, 'text/plain')`,
  );
  await owner.query(
    `insert into file_objects (id, file_id, part, stored_at)
     values ('01a20352-5a67-76b7-913c-1b8f539e2702', '01a20352-5a67-76b7-913c-1b8f539e2701', 1, now())`,
  );
  const found = async () => {
    const { findings } = await doctor({ FECHATTER_FILES_FOLDER: files }, '--no-services');
    return findings.find(({ check }) => check === 'files')?.status;
  };
  expect(await found()).toBe('problem');
  const place = join(files, '02', '27');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, '01a20352-5a67-76b7-913c-1b8f539e2702'), Buffer.alloc(30));
  expect(await found()).toBe('problem');
  await writeFile(join(place, '01a20352-5a67-76b7-913c-1b8f539e2702'), Buffer.alloc(31));
  expect(await found()).toBe('ok');
  await owner.query('delete from file_objects');
  await owner.query('delete from files');
  await rm(files, { recursive: true });
});
