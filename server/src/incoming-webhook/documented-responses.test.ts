import { accessOf } from '@fechatter/drizzle/testing';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { tcpProxy } from '@fechatter/testing/tcp-proxy';
import { readFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { startServer } from '../start-server.ts';
import { testServer } from '../testing/index.ts';

const app = await testServer({ FECHATTER_LIMITS_HEAVY_PER_MINUTE: '0' });
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, workspace } = await app.chatOf('alice', 'bob');

async function hookInGroup() {
  const group = { name: 'g', chatType: 'Group' as const, workspaceId: workspace.id, memberIds: [bob.id] };
  const { id: chatId } = await alice.trpc.chat.create.mutate(group);
  const { url } = await alice.trpc.incomingWebhook.create.mutate({ chatId, name: 'Deploys' });
  return { chatId, path: new URL(url).pathname };
}
async function post(at: string, body: string) {
  const response = await fetch(at, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  return { said: `${response.status} ${await response.text()}`, retryAfter: response.headers.get('retry-after') };
}
const here = async (path: string, body: string) => (await post(`${app.url}${path}`, body)).said;
const text = (content: string) => JSON.stringify({ text: content });

/** Each response of the page, and how a program gets it. */
const responses: Readonly<Record<string, () => Promise<string>>> = {
  '200 ok': async () => here((await hookInGroup()).path, text('sent')),
  '400 invalid_payload': async () => here((await hookInGroup()).path, 'no JSON'),
  '400 no_text': async () => here((await hookInGroup()).path, text(' ')),
  '400 msg_too_long': async () => here((await hookInGroup()).path, text('x'.repeat(8_001))),
  async '400 channel_is_archived'() {
    const { chatId, path } = await hookInGroup();
    await alice.trpc.chat.archive.mutate({ chatId });
    return here(path, text('late'));
  },
  async '400 action_prohibited'() {
    const { chatId, path } = await hookInGroup();
    await alice.trpc.chat.update.mutate({ chatId, whoPosts: 'Admins' });
    return here(path, text('not by bots'));
  },
  '404 no_service': async () => here(`${(await hookInGroup()).path}x`, text('wrong')),
  async '429 rate_limited'() {
    const { path } = await hookInGroup();
    const all = await Promise.all(Array.from({ length: 90 }, () => post(`${app.url}${path}`, '{}')));
    const limited = all.find(({ said }) => said.startsWith('429'));
    expect(Number(limited?.retryAfter)).toBeGreaterThan(0);
    return limited?.said ?? '';
  },
  async '503 service_unavailable'() {
    const { path } = await hookInGroup();
    await using proxy = await tcpProxy(accessOf(app.database, 'server').url);
    const settings = { FECHATTER_DATABASE_URL: proxy.url, FECHATTER_DATABASE_MIGRATE: 'false' };
    const server = await startServer(testConfig('server', settings), { log: silentLog() });
    try {
      proxy.cut();
      const { said, retryAfter } = await post(`${server.url}${path}`, text('not now'));
      expect(Number(retryAfter)).toBeGreaterThan(0);
      return said;
    } finally {
      await server.close();
    }
  },
};

const page = await readFile(new URL('../../../docs/webhooks.md', import.meta.url), 'utf8');
const documented = page.split('\n').flatMap((line) => {
  const [, status, texts = ''] = /^\| (\d{3}) \| ([^|]+) \|/.exec(line) ?? [];
  return [...texts.matchAll(/`(\w+)`/g)].map(([, word]) => `${status} ${word}`);
});

test('the page documents each response', () => {
  expect(documented.toSorted()).toEqual(Object.keys(responses).toSorted());
});

test.each(documented)('a program gets %s as the page describes', async (response) => {
  expect(await responses[response]?.()).toBe(response);
});
