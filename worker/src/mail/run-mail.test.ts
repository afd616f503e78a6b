import { openDatabase } from '@fechatter/drizzle';
import { accessOf } from '@fechatter/drizzle/testing';
import { testServer } from '@fechatter/server/testing';
import { collectedLog, silentLog, testConfig, testEnvironment } from '@fechatter/service-kit/testing';
import { until } from '@fechatter/testing/until';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtService } from '@fechatter/testing/built-service';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { mailHost, type MailHost } from '../testing/mail-host.ts';
import { runMail } from './run-mail.ts';
import { createMailTransport } from './transport.ts';

const app = await testServer({ FECHATTER_MAIL_VIA: 'files', FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '0' });
/** As in production: with the rights of a worker only. */
const access = accessOf(app.database, 'worker');
const workerUrl = access.url;
const db = openDatabase(access);
afterAll(async () => {
  await db.close();
  await app[Symbol.asyncDispose]();
});
const ada = await app.signUp('ada');
await app.database.query('update users set email_verified_at = now()');
beforeEach(() => app.database.query('delete from mail_jobs'));

/** A person signs in on a device that is new to the account, which sends a mail. */
const newDevice = (userAgent = 'a browser') =>
  app.client({ 'user-agent': userAgent }).auth.signin.mutate({ email: ada.email, password: ada.password });
const jobs = () =>
  app.database.query<{ id: string; attempts: number; failure: string | null; address: string; is_failed: boolean }>(
    'select id, attempts, failure, address, failed_at is not null as is_failed from mail_jobs',
  );
const dueNow = () =>
  app.database.query(
    `update mail_jobs set due_at = now() - interval '1 minute', leased_until = leased_until - interval '1 hour'`,
  );

function configOf(env: Readonly<Record<string, string>>) {
  return testConfig('worker', { FECHATTER_DATABASE_URL: workerUrl, ...env });
}
/** Runs the mail senders of `count` workers against one host. */
async function whileSending(
  env: Readonly<Record<string, string>>,
  done: () => Promise<unknown>,
  { count = 1, log = silentLog() } = {},
): Promise<void> {
  const stop = new AbortController();
  const config = configOf(env);
  const running = Array.from({ length: count }, () => {
    const transport = createMailTransport(config) ?? expect.fail('mail is off');
    return runMail({ deps: { db, log, config }, transport, signal: stop.signal, pollMs: 50 }).ended;
  });
  try {
    await done();
  } finally {
    stop.abort();
    await Promise.all(running);
  }
}
const allSent = async () => until(async () => (await jobs()).length === 0, 'all are sent');

test('two workers send each mail once, as text and as HTML, and delete it', async () => {
  await using host = await mailHost();
  for (let n = 0; n < 12; n++) await newDevice('Firefox <script> https://evil.example');
  await whileSending({ ...host.env, FECHATTER_MAIL_NAME: 'Our & their chat' }, allSent, { count: 2 });
  expect(host.mails).toHaveLength(12);
  expect(new Set(host.mails.map(({ messageId }) => messageId)).size).toBe(12);
  const [mail] = host.mails;
  expect(mail).toMatchObject({ to: [ada.email], subject: 'New sign-in to your account at Our & their chat' });
  expect(mail?.raw).toMatch(/^From: .*Our & their chat.* <chat@example\.org>\r$/m);
  expect(mail?.raw).toContain('Auto-Submitted: auto-generated');
  expect(mail?.raw).toContain('multipart/alternative');
  expect(mail?.raw).toContain('Firefox &lt;script&gt;');
  expect(mail?.raw).not.toContain('https://evil');
});

test('a temporary refusal is retried later with the same Message-ID; a permanent one is recorded', async () => {
  await using host = await mailHost({
    statusFor: (_, attempt) => (attempt <= 2 ? 451 : attempt === 4 ? 550 : undefined),
  });
  await newDevice();
  const failed = (attempts: number) =>
    until(
      async () => (await jobs())[0]?.attempts === attempts && (await jobs())[0]?.failure !== null,
      `${attempts} failed`,
    );
  await whileSending(host.env, async () => {
    await failed(1);
    expect(await jobs()).toMatchObject([{ failure: 'EENVELOPE 451', is_failed: false }]);
    await app.database.query(`update mail_jobs set due_at = now() - interval '1 minute', failure = null`);
    await failed(2);
    await dueNow();
    await allSent();
  });
  expect(host.mails).toHaveLength(1);
  await newDevice();
  const { lines, log } = collectedLog();
  await whileSending(host.env, () => until(async () => (await jobs())[0]?.is_failed === true, 'it is given up'), {
    log,
  });
  expect(await jobs()).toMatchObject([{ failure: 'EENVELOPE 550', address: '', attempts: 1 }]);
  expect(JSON.stringify(lines)).not.toContain(ada.email);
});

test('a wrong password and an unreachable mail host lose no mail; the password is in no log', async () => {
  const login = { user: 'chat', password: 'the password of the host' };
  const { lines, log } = collectedLog();
  await newDevice();
  let gone: MailHost;
  {
    await using host = await mailHost(login);
    const wrong = { FECHATTER_MAIL_USER: login.user, FECHATTER_MAIL_PASSWORD: 'another password' };
    await whileSending(
      { ...host.env, ...wrong },
      () => until(async () => (await jobs())[0]?.failure != null, 'it is refused'),
      { log },
    );
    gone = host;
  }
  expect(await jobs()).toMatchObject([{ failure: 'EAUTH 535', is_failed: false }]);
  await app.database.query(`update mail_jobs set due_at = now() - interval '1 minute', failure = null`);
  await whileSending(
    gone.env,
    () => until(async () => (await jobs())[0]?.failure != null, 'the address does not exist'),
    { log },
  );
  expect(await jobs()).toMatchObject([{ failure: expect.stringMatching(/^E/), is_failed: false, attempts: 2 }]);
  await dueNow();
  await using host = await mailHost(login);
  const right = { FECHATTER_MAIL_USER: login.user, FECHATTER_MAIL_PASSWORD: login.password };
  await whileSending({ ...host.env, ...right }, allSent, { log });
  expect(host.mails).toHaveLength(1);
  expect(JSON.stringify(lines)).not.toMatch(/password of the host|another password/);
});

test('an expired mail, or one to an address that is no longer verified, is not sent', async () => {
  await using host = await mailHost();
  await newDevice();
  await newDevice();
  await app.database.query(
    `update mail_jobs set expires_at = now() - interval '1 s' where id = (select min(id::text)::uuid from mail_jobs)`,
  );
  await app.database.query('update users set email_verified_at = null');
  await whileSending(host.env, () => until(async () => (await jobs()).length === 1, 'one is left'));
  await app.database.query('update users set email_verified_at = now()');
  expect(await jobs()).toMatchObject([{ failure: 'too late', is_failed: true, address: '' }]);
  expect(host.mails).toEqual([]);
});

test('a mail whose worker is killed before recording it is sent again by another with the same Message-ID', async () => {
  const script = await builtService('worker');
  const worker = { kill: (): unknown => undefined };
  await using host = await mailHost({
    async onMail() {
      // The first mail: its worker is killed before it receives the acknowledgement.
      if (host.mails.length === 0) worker.kill();
    },
  });
  await newDevice();
  const child = spawn(process.execPath, [script], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      FECHATTER_DATABASE_URL: workerUrl,
      FECHATTER_ENCRYPTION_KEYS: testEnvironment.FECHATTER_ENCRYPTION_KEYS,
      FECHATTER_WORKER_PORT: '0',
      FECHATTER_WORKER_METRICS_PORT: '0',
      ...host.env,
    },
  });
  worker.kill = () => child.kill('SIGKILL');
  await once(child, 'exit');
  await until(() => host.mails.length === 1, 'the host has it');
  expect(await jobs()).toMatchObject([{ attempts: 1, failure: null }]);
  await dueNow();
  await whileSending(host.env, allSent);
  expect(host.mails).toHaveLength(2);
  expect(host.mails[0]?.messageId).toBe(host.mails[1]?.messageId);
});

test('without a mail host mails are text files, in development', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'fechatter-mail-'));
  await newDevice();
  await whileSending(
    { FECHATTER_MAIL_VIA: 'files', FECHATTER_DATA_DIR: dataDir, FECHATTER_MAIL_LANGUAGE: 'de' },
    allSent,
  );
  const [file = '', ...others] = await readdir(join(dataDir, 'mail'));
  expect([file, others]).toEqual([expect.stringMatching(/\.eml$/), []]);
  const mail = await readFile(join(dataDir, 'mail', file), 'utf8');
  expect(mail).toMatch(/^To: ada@example\.com$/m);
  expect(mail).toContain('Neue Anmeldung bei Fechatter');
  expect(mail).not.toContain('<html');
});
