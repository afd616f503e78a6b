import { createFechatter, isFechatterError } from '@fechatter/client';
import { chromiumPath, launchChromium, type Page } from '@fechatter/testing/chromium';
import { freePort } from '@fechatter/testing/free-port';
import { until } from '@fechatter/testing/until';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartedSystem, startSystem, type SystemPlace, systemPlace } from './started-system.ts';

// Follows docs/embedding.md: its commands are run as written there, except for ports.

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const page = await readFile(join(root, 'docs/embedding.md'), 'utf8');
/** The commands find no settings of the test's own. */
const bare = { PATH: process.env.PATH, HOME: process.env.HOME };
const blocksOf = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block = '']) => block);
const [startBlock = '', keyBlock = '', shopBlock = ''] = blocksOf('sh');

let place: SystemPlace & AsyncDisposable;
let system: StartedSystem | undefined;
let shop: ReturnType<typeof spawn> | undefined;
let shopUrl: string;
beforeAll(async () => {
  place = await systemPlace();
  const port = await freePort();
  shopUrl = `http://127.0.0.1:${port}`;
  const here = (block: string) =>
    block
      .replaceAll(':3000', `:${port}`)
      .replaceAll(':6688', `:${place.serverPort}`)
      .replaceAll('npx -y pnpm@12 start', 'env');
  const printed = (await run('bash', ['-c', here(startBlock)])).stdout;
  const valueOf = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(printed)?.[1] ?? '';
  const names = ['FECHATTER_AUTH_ISSUERS', 'FECHATTER_SERVER_CORS_ORIGINS'];
  const env = Object.fromEntries(names.map((name) => [name, valueOf(name)]));
  system = await startSystem({ ...place, env });

  const cli = keyBlock.replace('npx -y pnpm@12 --silent fechatter', 'node --import tsx cli/src/main.ts');
  const options = { cwd: root, env: { ...bare, FECHATTER_DATA_DIR: place.dataDir } };
  const [key = ''] = (await run('bash', ['-c', cli], options)).stdout.split('\n');
  const [secret = ''] = printed.split('\n');
  shop = spawn('bash', ['-c', `exec env ${shopBlock}`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...bare, key, secret, SERVER: system.serverUrl, NOTIFY: system.notifyUrl, PORT: String(port) },
  });
  let output = '';
  shop.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until(() => output.includes('The shop is open'), 'the shop is open');
});
afterAll(async () => {
  if (shop?.exitCode === null) {
    shop.kill();
    await once(shop, 'exit');
  }
  await system?.[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

function started(): StartedSystem {
  if (system === undefined) throw new Error('the system did not start');
  return system;
}

/** Signs a customer in to the shop; returns the cookie. */
async function cookieOf(name: string, password: string): Promise<string> {
  const body = new URLSearchParams({ name, password });
  const { headers, status } = await fetch(`${shopUrl}/sign-in`, { method: 'POST', body, redirect: 'manual' });
  expect(status).toBe(303);
  return headers.get('set-cookie')?.split(';')[0] ?? '';
}
async function tokenOf(cookie: string): Promise<string> {
  const response = await fetch(`${shopUrl}/chat-token`, { method: 'POST', headers: { cookie } });
  return ((await response.json()) as { token: string }).token;
}

test('the code on the page is that of the example', async () => {
  const files = ['chat-desk.ts', 'chat.ts'].map((name) => readFile(join(root, 'examples/embed/src', name), 'utf8'));
  const lines = (text: string) => text.split('\n').map((line) => line.trim());
  const sources = (await Promise.all(files)).map((text) => lines(text).join('\n'));
  const blocks = blocksOf('ts').map((block) => lines(block).join('\n').trim());
  expect(blocks).toHaveLength(4);
  for (const block of blocks)
    expect(
      sources.some((source) => source.includes(block)),
      block,
    ).toBe(true);
});

test('customers of the shop are people of the chat without a second sign-up, and the shop can post', async () => {
  const urls = { serverUrl: started().serverUrl, notifyUrl: started().notifyUrl };
  const [ada, grace] = [createFechatter(urls), createFechatter(urls)];
  const cookie = await cookieOf('Ada', 'lovelace');
  const token = await tokenOf(cookie);
  expect(await ada.auth.exchange.mutate({ token })).toMatchObject({ fullName: 'Ada', email: null });
  const again = await grace.auth.exchange.mutate({ token }).catch((error: unknown) => error);
  expect(isFechatterError(again, 'token_invalid')).toBe(true);
  await grace.auth.exchange.mutate({ token: await tokenOf(await cookieOf('Grace', 'hopper')) });
  // After another sign-in to the shop they are the same person.
  const later = await createFechatter(urls).auth.exchange.mutate({
    token: await tokenOf(await cookieOf('Ada', 'lovelace')),
  });
  expect(later.id).toBe(ada.session?.id);

  const { chats } = await ada.chat.list.query();
  expect(chats).toMatchObject([{ name: 'Counter', role: 'Member' }]);
  const chatId = chats[0]?.id ?? '';
  await ada.message.send.mutate({ chatId, content: 'Do you have cups?' });
  await fetch(`${shopUrl}/orders`, { method: 'POST', headers: { cookie }, redirect: 'manual' });
  const { messages } = await grace.message.list.query({ chatId });
  expect(messages.map(({ sender, content }) => `${sender.name}: ${content}`)).toEqual([
    'The shop: Ada ordered a teapot.',
    'Ada: Do you have cups?',
  ]);
});

test('unknown visitors get no token, and a customer’s name without the password gets none either', async () => {
  const { status } = await fetch(`${shopUrl}/chat-token`, { method: 'POST' });
  expect(status).toBe(401);
  const body = new URLSearchParams({ name: 'Ada', password: 'hopper' });
  expect((await fetch(`${shopUrl}/sign-in`, { method: 'POST', body })).status).toBe(403);
});

test.skipIf(chromiumPath === undefined)('two windows of the shop chat with each other', async () => {
  const browser = await launchChromium();
  try {
    const windowOf = async (name: string, password: string) => {
      const window = await (await browser.newContext()).newPage();
      await window.goto(shopUrl);
      await window.getByLabel('Name').fill(name);
      await window.getByLabel('Password').fill(password);
      await window.getByRole('button', { name: 'Sign in' }).click();
      await window.getByText(`Hello, ${name}!`).waitFor();
      return window;
    };
    const send = async (window: Page, content: string) => {
      await window.getByLabel('Message').fill(content);
      await window.getByRole('button', { name: 'Send' }).click();
    };
    const [ada, grace] = [await windowOf('Ada', 'lovelace'), await windowOf('Grace', 'hopper')];
    // The form sends once the script of the page has begun to listen: the history is there then.
    for (const window of [ada, grace]) await window.locator('#chat li').first().waitFor();
    await send(ada, 'Hello from the first window');
    await grace.getByText('Ada: Hello from the first window').waitFor();
    await send(grace, 'And from the second');
    await ada.getByText('Grace: And from the second').waitFor();
  } finally {
    await browser.close();
  }
});
