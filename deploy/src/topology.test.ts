import { createFechatter, type FechatterClient } from '@fechatter/client';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import { type documentOf, runGeneratedClient } from '@fechatter/rest/testing';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Deployed, deployed } from './testing/deployed.ts';
import { isInstalled } from './testing/is-installed.ts';

const canRun = isInstalled('nginx') && isInstalled('openssl') && isInstalled('bash');
const MESSAGES = 60;
const LISTENERS = 6;

describe.skipIf(!canRun)('two of each behind nginx over TLS, as compose.yaml says (skipped without nginx)', () => {
  let system: Deployed;
  let alice: FechatterClient;
  let bob: FechatterClient;
  let chatId: string;
  let filesBefore: readonly string[];

  const client = () =>
    createFechatter({ serverUrl: system.url, notifyUrl: `${system.url}/notify`, backoff: { firstMs: 20, maxMs: 200 } });
  const person = async (name: string) => {
    const own = client();
    await own.auth.signup.mutate({ email: `${name}@example.com`, password: 'a good password', fullName: name });
    return own;
  };

  beforeAll(async () => {
    system = await deployed();
    // The proxy's certificate was checked when it started; Node cannot add a certificate authority for fetch at run
    // time.
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    filesBefore = await readdir(system.app, { recursive: true });
    [alice, bob] = await Promise.all([person('alice'), person('bob')]);
    const workspace = await alice.workspace.create.mutate({ name: 'Team' });
    const { token } = await alice.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Member' });
    await bob.workspace.acceptInvite.mutate({ token });
    const memberIds = [bob.session?.id ?? ''];
    const chat = { name: 'general', chatType: 'PublicChannel', workspaceId: workspace.id, memberIds } as const;
    chatId = (await alice.chat.create.mutate(chat)).id;
  });
  afterAll(async () => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    await system?.[Symbol.asyncDispose]();
  });

  async function signedInAsBob(): Promise<FechatterClient> {
    const own = client();
    await own.auth.signin.mutate({ email: 'bob@example.com', password: 'a good password' });
    return own;
  }

  /** Sends one message, again until it is acknowledged: safe, because its clientId stays the same. */
  async function sent(content: string): Promise<void> {
    const clientId = randomUUID();
    for (let tries = 1; ; tries++) {
      try {
        await alice.message.send.mutate({ chatId, content, clientId });
        return;
      } catch (error) {
        if (tries === 20) throw error;
      }
    }
  }

  /** Follows until all messages of a run have come; resolves when the stream is open. */
  async function follower(
    own: FechatterClient,
    run: string,
    count: number,
  ): Promise<{ readonly seen: Promise<readonly string[]> }> {
    let opened = () => {};
    const isOpen = new Promise<void>((resolve) => (opened = resolve));
    const follow = async () => {
      const seen: string[] = [];
      for await (const event of own.events()) {
        if (event.kind === 'ready') opened();
        if (event.kind === 'message.created' && event.message.content.startsWith(run)) seen.push(event.message.content);
        if (seen.length === count) break;
      }
      return seen;
    };
    const seen = follow();
    await Promise.race([isOpen, seen]);
    return { seen };
  }
  const numbered = (run: string) => Array.from({ length: MESSAGES }, (_, index) => `${run} ${index + 1}`);

  test('an event arrives while its stream stays open, so no proxy buffers it', async () => {
    const { seen } = await follower(bob, 'unbuffered', 1);
    await sent('unbuffered 1');
    expect(await seen).toEqual(['unbuffered 1']);
  });

  test('kill -9 of one of each service loses, repeats and reorders no event, and signs no one out', async () => {
    // Separate clients have separate connections, so both notify services get some.
    const others = await Promise.all(Array.from({ length: LISTENERS }, () => signedInAsBob()));
    const followers = await Promise.all([bob, ...others].map((own) => follower(own, 'killed', MESSAGES)));
    for (const [index, content] of numbered('killed').entries()) {
      if (index === 10)
        await Promise.all([system.servers[0], system.notifies[0], system.workers[0]].map((one) => one.kill()));
      if (index === 30)
        await Promise.all([system.servers[0], system.notifies[0], system.workers[0]].map((one) => one.start()));
      if (index === 40) await Promise.all([system.servers[1].kill(), system.notifies[1].kill()]);
      await sent(content);
    }
    for (const { seen } of followers) expect(await seen).toEqual(numbered('killed'));
    await Promise.all([system.servers[1].start(), system.notifies[1].start()]);
  }, 90_000);

  test('the database is reached only over TLS, each service with its own role', async () => {
    const { url, ca } = system.owner;
    const database = Object.assign(new URL(url), { pathname: '/fechatter' }).href;
    await expect(new pg.Client({ connectionString: database }).connect()).rejects.toThrow(/no encryption/);
    const client = new pg.Client({ connectionString: database, ssl: { ca: await readFile(ca, 'utf8') } });
    await client.connect();
    const { rows } = await client.query(
      `select distinct usename as role, ssl from pg_stat_activity join pg_stat_ssl using (pid)
       where application_name like 'fechatter-%' order by usename`,
    );
    await client.end();
    expect(rows).toEqual([
      { role: 'fechatter_notify', ssl: true },
      { role: 'fechatter_server', ssl: true },
      { role: 'fechatter_worker', ssl: true },
    ]);
  });

  test('the doctor finds no problem, signed in and through the proxy', async () => {
    const account = { DOCTOR_EMAIL: 'alice@example.com', DOCTOR_PASSWORD: 'a good password' };
    const output = await system.operate(['doctor'], account);
    expect(output).toMatch(/^ok +TLS: .*host name verified$/m);
    expect(output).toMatch(/^ok +stream: events arrive/m);
    expect(output).toMatch(/^0 problems, \d+ warnings, 0 skipped$/m);
  });

  const tried = [
    ['Fechatter server', 'info/info.get', '/api/info', '200'],
    ['Fechatter notify', 'notification/notification.ticket', '/notify/api/notifications/tickets', '401'],
  ] as const;
  test.skipIf(chromiumPath === undefined).each(tried)(
    'in the explorer a click on "Execute" reaches %s (skipped without Chromium)',
    async (document, operation, path, status) => {
      const browser = await launchChromium();
      try {
        const page = await browser.newPage({ ignoreHTTPSErrors: true });
        await page.goto(`${system.url}/docs?urls.primaryName=${encodeURIComponent(document)}#/${operation}`);
        const block = page.locator('.opblock.is-open');
        await block.getByRole('button', { name: 'Execute' }).click();
        const table = block.locator('.live-responses-table');
        await table.locator('.response-col_status').last().waitFor();
        expect(await table.locator('.response-col_status').last().innerText()).toContain(status);
        expect(await block.locator('.request-url').innerText()).toContain(new URL(path, system.url).href);
      } finally {
        await browser.close();
      }
    },
  );

  /** They know only the URL of a document: its `servers` lead to the service. */
  const ofOpenapiTypescript = `
import createClient from 'openapi-fetch';
import type { paths } from './paths.ts';

const [baseUrl = '', token = ''] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl, headers: { authorization: 'Bearer ' + token } });
console.log((await client.POST('/api/notifications/tickets')).response.status);
`;
  const ofHeyApi = `
import { client } from './client/client.gen.ts';
import { notificationTicket } from './client/sdk.gen.ts';

const [baseUrl = '', token = ''] = process.argv.slice(2);
client.setConfig({ baseUrl, headers: { authorization: 'Bearer ' + token } });
console.log((await notificationTicket()).response?.status);
`;

  test.each([
    ['openapi-typescript', ofOpenapiTypescript],
    ['hey-api', ofHeyApi],
  ] as const)(
    'a client that %s generates calls the service below its path',
    { timeout: 240_000 },
    async (by, program) => {
      const readAt = `${system.url}/notify/openapi.json`;
      const document = (await (await fetch(readAt)).json()) as Awaited<ReturnType<typeof documentOf>>;
      const baseUrl = new URL(document.servers[0]?.url ?? '', readAt).href.replace(/\/$/, '');
      expect(await runGeneratedClient(document, program, [baseUrl, alice.session?.token ?? ''], by)).toEqual({
        complaints: '',
        printed: '201\n',
      });
    },
  );

  test('explorer and health are served, the development page is not, and the folder is unchanged', async () => {
    const status = async (path: string) => (await fetch(`${system.url}${path}`)).status;
    expect(
      await Promise.all(
        ['/docs', '/openapi.json', '/readyz', '/notify/readyz', '/panel', '/', '/notify/metrics'].map(status),
      ),
    ).toEqual([200, 200, 200, 200, 404, 404, 404]);
    expect(await readdir(system.app, { recursive: true })).toEqual(filesBefore);
  });
});
