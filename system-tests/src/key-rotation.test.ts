import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createSecretCipher, rotateKeys } from '@fechatter/drizzle';
import { startServer } from '@fechatter/server';
import { silentLog, testConfig, testEnvironment } from '@fechatter/service-kit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusedStart } from './service-processes.ts';
import { type Person, world, type World } from './world.ts';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const rings = { old: `1:${key(1)}`, both: `2:${key(2)},1:${key(1)}`, fresh: `2:${key(2)}` };
const ringOfBoth = [2, 1].map((id) => ({ id, key: Buffer.alloc(32, id) }));
const MESSAGES = 1_500;

let scene: World;
let alice: Person;
let chatId: string;
let webhookSecret: string;
beforeAll(async () => {
  scene = await world({ FECHATTER_ENCRYPTION_KEYS: rings.old, FECHATTER_LIMITS_SENDS_PER_MINUTE: '0' });
  alice = await scene.signUp('alice');
  const workspaceId = await scene.workspaceOf(alice);
  const input = { name: 'c', chatType: 'Group' as const, workspaceId, memberIds: [] };
  chatId = (await alice.client.chat.create.mutate(input)).id;
  const { bot } = await alice.client.bot.create.mutate({ workspaceId, name: 'hook', scopes: ['read'] });
  const hook = { botId: bot.id, url: 'https://example.com/', kinds: ['message.created' as const] };
  webhookSecret = (await alice.client.webhook.create.mutate(hook)).secret;
  const numbers = Array.from({ length: MESSAGES }, (_, n) => n);
  await Promise.all(numbers.map((n) => alice.client.message.send.mutate({ chatId, content: `message ${n}` })));
});
afterAll(() => scene[Symbol.asyncDispose]());

const settings = (ring: string) => ({
  FECHATTER_DATABASE_URL: scene.database.url,
  FECHATTER_DATABASE_MIGRATE: 'false',
  FECHATTER_ENCRYPTION_KEYS: ring,
});
/** `pnpm fechatter keys rotate`, as an operator runs it. */
async function rotation(ring: string) {
  const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'keys', 'rotate'], {
    env: { PATH: process.env.PATH, ...testEnvironment, ...settings(ring) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}
const keysInUse = async () => {
  const rows = await scene.database.query<{ key: number; count: number }>(
    `select get_byte(body, 0) * 256 + get_byte(body, 1) as key, count(*)::int as count from messages
     where body is not null group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map((row) => [row.key, row.count]));
};
const checks = () => scene.database.query<{ key_id: number }>('select key_id from key_checks order by key_id');

test('messages are re-encrypted during edits and deletions, by two rotations at once, after an interrupted one', async () => {
  expect(await keysInUse()).toEqual({ 1: MESSAGES });
  await using server = await startServer(testConfig('server', settings(rings.both)), { log: silentLog() }).then(
    (running) => ({ ...running, [Symbol.asyncDispose]: () => running.close() }),
  );
  const { messages } = await alice.client.message.list.query({ chatId, limit: 100 });
  const edit = async (id: string, content: string) => {
    const response = await fetch(`${server.url}/api/chats/${chatId}/messages/${id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${alice.client.session?.token ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content }),
    });
    expect(response.status).toBe(200);
  };
  const enough = new AbortController();
  const interrupted = rotateKeys(server.deps.db.pool, ringOfBoth, {
    batchRows: 100,
    signal: enough.signal,
    onProgress: ({ resealed }) => resealed >= 300 && enough.abort(new Error('enough')),
  });
  await expect(interrupted).rejects.toThrow('enough');
  expect(await keysInUse()).toEqual({ 1: MESSAGES - 300, 2: 300 });
  expect(await checks()).toEqual([{ key_id: 1 }, { key_id: 2 }]);

  const inSmallSteps = rotateKeys(server.deps.db.pool, ringOfBoth, { batchRows: 20 });
  const byCommand = rotation(rings.both);
  const isOver = Promise.allSettled([inSmallSteps, byCommand]).then(() => 'over' as const);
  let round = 0;
  do {
    round += 1;
    for (const { id } of messages.slice(0, 10)) await edit(id, `edit ${round}`);
  } while ((await Promise.race([isOver, Promise.resolve()])) !== 'over');
  const gone = messages[50]?.id ?? '';
  await alice.client.message.delete.mutate({ chatId, messageId: gone });
  const [{ resealed }, { output, code }] = await Promise.all([inSmallSteps, byCommand]);
  console.log(`rotation of the last ${resealed}, beside ${round * 10} edits; then by command:\n${output}`);
  expect(code).toBe(0);
  expect(resealed).toBeGreaterThan(0);
  expect(await keysInUse()).toEqual({ 2: MESSAGES - 1 });
  expect(await checks()).toEqual([{ key_id: 2 }]);
  const [sealed] = await scene.database.query<{ id: string; sealed: Buffer }>('select id, sealed from webhook_secrets');
  const onlyNew = createSecretCipher([{ id: 2, key: Buffer.alloc(32, 2) }], 'webhook');
  expect(sealed && onlyNew.open(sealed.id, sealed.sealed)).toBe(webhookSecret);

  const after = await fetch(`${server.url}/api/chats/${chatId}/messages?limit=100`, {
    headers: { authorization: `Bearer ${alice.client.session?.token ?? ''}` },
  });
  const shown = ((await after.json()) as { messages: { id: string; content: string }[] }).messages;
  const expected = messages
    .filter(({ id }) => id !== gone)
    .map(({ id, content }, n) => [id, n < 10 ? `edit ${round}` : content]);
  expect(shown.slice(0, 99).map(({ id, content }) => [id, content])).toEqual(expected);
});

test('messages that an old server wrote meanwhile are found by the next rotation, and their key is kept until then', async () => {
  await alice.client.message.send.mutate({ chatId, content: 'sealed with the old key' });
  const { code, output } = await rotation(rings.both);
  expect([code, /done: (\d+) messages/.exec(output)?.[1]]).toEqual([0, '1']);
  expect(Object.keys(await keysInUse())).toEqual(['2']);
});

test.each(['server', 'notify'] as const)(
  '%s refuses a key ring that is not the database’s, with one line',
  async (name) => {
    const wrong = `2:${key(9)}`;
    for (const [ring, why] of [
      [rings.old, 'encryption.keys lacks key 2, which messages in this database are encrypted with'],
      [wrong, 'key 2 in encryption.keys is not the key 2 that this database was written with'],
    ] as const)
      expect(await refusedStart(name, settings(ring))).toEqual({ code: 1, output: `${why}\n` });
    const { code, output } = await refusedStart(name, settings(''));
    expect(code).toBe(1);
    expect(output).toMatch(/^One setting is wrong:\n {2}FECHATTER_ENCRYPTION_KEYS: not given, expected .*\n$/);
  },
);

test('a rotation with a key ring that is not the database’s changes nothing', async () => {
  const { code, output } = await rotation(`3:${key(3)}`);
  expect([code, output]).toEqual([
    1,
    'encryption.keys lacks key 2, which messages in this database are encrypted with\n',
  ]);
  expect(await checks()).toEqual([{ key_id: 2 }]);
});
