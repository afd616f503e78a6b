import { createPushCipher, openDatabase, rotateKeys } from '@fechatter/drizzle';
import type { Person } from '@fechatter/server/testing';
import { collectedLog } from '@fechatter/service-kit/testing';
import { builtService } from '@fechatter/testing/built-service';
import { until } from '@fechatter/testing/until';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { type PushAnswer, pushService } from '../testing/push-service.ts';
import { anyDevice, pushedServer } from '../testing/pushed-server.ts';

const stage = await pushedServer();
const { app, config, query, consume, dueNow, pending, subscribe, whileSending } = stage;
const { alice, bob, carol, chat, workspace } = await app.chatOf('alice', 'bob', 'carol');
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(async () => {
  await consume();
  await query('delete from push_pending');
  await query('delete from push_subscriptions');
  await query('delete from user_preferences');
});

const send = (content: string, by: Person = alice, chatId = chat.id) =>
  by.trpc.message.send.mutate({ chatId, content });
const sent = async (content: string) => {
  const message = await send(content);
  await consume();
  await dueNow();
  return message;
};
const allDone = () => until(async () => (await pending()).length === 0, 'nothing waits');
const failureOf = async (id: string) => {
  const [row] = await query<{ failure: string | null }>('select failure from push_subscriptions where id = $1', [id]);
  return row?.failure;
};

test('a device receives an encrypted push from whom it subscribed to, without text by default', async () => {
  await using service = await pushService();
  await subscribe(bob, service.device('phone'));
  await subscribe(bob, service.device('laptop'));
  await subscribe(carol, service.device('carol'));
  const message = await sent(`<@${bob.id}> secret`);
  const counts = await whileSending(allDone, service);
  expect(service.complaints).toEqual([]);
  expect(service.pushes.map(({ device }) => device).toSorted()).toEqual(['carol', 'laptop', 'phone']);
  const [phone] = service.pushes.filter(({ device }) => device === 'phone');
  expect(phone).toEqual({
    device: 'phone',
    content: { chat_id: chat.id, message_id: message.id, mentioned: true, badge: 1 },
    topic: expect.stringMatching(/^[\w-]{32}$/),
    urgency: 'high',
    ttl: '86400',
    subject: 'mailto:push@example.com',
    publicKey: config.push.vapidKey?.publicKey,
  });
  const [carols] = service.pushes.filter(({ device }) => device === 'carol');
  expect(carols).toMatchObject({ urgency: 'normal', content: { mentioned: false } });
  // A push service cannot see who is in a chat together.
  expect(new Set(service.pushes.map(({ topic }) => topic)).size).toBe(3);
  expect(counts).toMatchObject({ sent: 3, unwanted: 0 });
});

test('with previews: title and text, names for mentions, and both cut short', async () => {
  await using service = await pushService();
  await subscribe(bob, service.device('phone'));
  await bob.trpc.user.setPreferences.mutate({ pushPreviews: true });
  const { id } = await alice.trpc.chat.create.mutate({
    workspaceId: workspace.id,
    chatType: 'Single',
    name: 'single',
    memberIds: [bob.id],
  });
  await sent(`<@${bob.id}> and <@${carol.id}>: ${'🌊'.repeat(2_000)}`);
  await send('hi', alice, id);
  await consume();
  await dueNow();
  await whileSending(allDone, service);
  const [ofGroup] = service.pushes.filter(({ content }) => content.chat_id === chat.id);
  expect(ofGroup?.content).toMatchObject({
    title: chat.name,
    body: expect.stringMatching(/^alice: @bob and @carol: 🌊+…$/u),
  });
  expect(ofGroup?.content.body?.match(/./gu)).toHaveLength(300);
  expect(service.pushes.find(({ content }) => content.chat_id === id)).toMatchObject({
    urgency: 'high',
    content: { title: 'alice', body: 'hi' },
  });
  await bob.trpc.chat.markRead.mutate({ chatId: id, number: 1 });
});

test('what was read elsewhere meanwhile is not pushed, and neither is anything of an ended session or subscription', async () => {
  await using service = await pushService();
  await subscribe(bob, service.device('phone'));
  const message = await sent('read');
  await bob.trpc.chat.markRead.mutate({ chatId: chat.id, number: message.number });
  expect(await whileSending(allDone, service)).toMatchObject({ sent: 0, unwanted: 1 });
  await sent('unsubscribed');
  await query('delete from push_subscriptions');
  expect(await whileSending(allDone, service)).toMatchObject({ sent: 0, unwanted: 1 });
  const dora = await app.signUp('dora');
  const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Member' });
  await dora.trpc.workspace.acceptInvite.mutate({ token });
  await alice.trpc.chat.addMembers.mutate({ chatId: chat.id, userIds: [dora.id] });
  await consume();
  await subscribe(dora, service.device('dora'));
  await sent('signed out');
  await dora.trpc.auth.signout.mutate();
  expect(await whileSending(allDone, service)).toMatchObject({ sent: 0, unwanted: 1 });
  expect(service.pushes).toEqual([]);
});

test('404 and 410 end a subscription', async () => {
  for (const status of [404, 410]) {
    await using service = await pushService({ answerTo: () => ({ status }) });
    const id = await subscribe(bob, service.device('phone'));
    await sent('hello');
    expect(await whileSending(allDone, service)).toMatchObject({ gone: 1 });
    expect(await failureOf(id)).toBeUndefined();
    expect(service.pushes).toHaveLength(1);
  }
});

test('413 is answered by the same push without its text', async () => {
  await using service = await pushService({
    answerTo: ({ content }) => (content.body === undefined ? undefined : { status: 413 }),
  });
  const id = await subscribe(bob, service.device('phone'));
  await bob.trpc.user.setPreferences.mutate({ pushPreviews: true });
  await sent('hello');
  expect(await whileSending(allDone, service)).toMatchObject({ sent: 1 });
  expect(service.pushes.map(({ content }) => content.body)).toEqual(['alice: hello', undefined]);
  expect(await failureOf(id)).toBe(null);
});

test.each([
  [{ status: 429, headers: { 'retry-after': '600' } }, 'putOff', 600],
  [{ status: 503, headers: { 'retry-after': '999999' } }, 'putOff', 3_600],
  [{ status: 500 }, 'putOff', 15],
  [{ status: 401 }, 'unauthorised', 15],
  [{ status: 403 }, 'unauthorised', 15],
] satisfies [PushAnswer, string, number][])(
  'after %j it is %s and tried again in %i s',
  async (answer, counted, seconds) => {
    let isDown = true;
    await using service = await pushService({ answerTo: () => (isDown ? answer : undefined) });
    const id = await subscribe(bob, service.device('phone'));
    const message = await sent('hello');
    const { log, lines } = collectedLog();
    const counts = await whileSending(
      () => until(async () => (await failureOf(id)) === String(answer?.status), 'it is recorded'),
      { ...service, log },
    );
    expect(counts).toMatchObject({ sent: 0, [counted]: 1 });
    expect(await pending()).toMatchObject([{ attempts: 1, lease: null }]);
    const [delay] = await query<{ s: number }>(
      'select extract(epoch from due_at - clock_timestamp())::float8 as s from push_pending',
    );
    expect(delay?.s).toBeGreaterThan(seconds - 15);
    expect(delay?.s).toBeLessThanOrEqual(seconds + 1);
    isDown = false;
    await dueNow();
    await whileSending(allDone, service);
    expect(service.pushes.map(({ content }) => content.message_id)).toEqual([message.id, message.id]);
    expect(await failureOf(id)).toBe(null);
    expect(JSON.stringify(lines)).not.toContain('/push/');
  },
);

test('other refusals are final for the push, and keep the subscription', async () => {
  await using service = await pushService({ answerTo: () => ({ status: 400 }) });
  const id = await subscribe(bob, service.device('phone'));
  await sent('hello');
  expect(await whileSending(allDone, service)).toMatchObject({ refused: 1 });
  expect(await failureOf(id)).toBe('400');
});

test('what cannot be sent for a day is given up, unless a newer message came', async () => {
  await using service = await pushService({ answerTo: () => ({ status: 500 }) });
  await subscribe(bob, service.device('phone'));
  const old = await sent('old');
  await query(`update push_pending set created_at = now() - interval '25 hours'`);
  await query(`update messages set created_at = now() - interval '25 hours' where id = $1`, [old.id]);
  await sent('new');
  const isPutOff = async () => (await pending()).some(({ lease, attempts }) => lease === null && attempts === 1);
  expect(await whileSending(() => until(isPutOff, 'it is put off'), service)).toMatchObject({ putOff: 1, givenUp: 0 });
  await query(`update messages set created_at = now() - interval '25 hours' where chat_id = $1`, [chat.id]);
  await dueNow();
  expect(await whileSending(allDone, service)).toMatchObject({ putOff: 1, givenUp: 1 });
});

test('an address in the operator’s network that is not allowed is no way in', async () => {
  await using service = await pushService();
  const id = await subscribe(bob, { ...service.device('phone'), endpoint: 'https://10.0.0.1/x' });
  await sent('hello');
  expect(await whileSending(allDone)).toMatchObject({ refused: 1 });
  expect(await failureOf(id)).toBe('forbidden_address');
});

test('a push service that hangs delays no other', async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await using service = await pushService({
    answerTo: async (_, host) => {
      if (host.startsWith('slow')) await released;
      return undefined;
    },
  });
  const people = [bob, carol];
  for (const person of people) {
    for (let n = 0; n < 10; n++) await subscribe(person, service.device('slow', 'slow.push.test'));
    for (let n = 0; n < 5; n++) await subscribe(person, service.device('quick', 'quick.push.test'));
  }
  await sent('hello');
  // The slow ones are due first.
  await query(`update push_pending set due_at = '1999-01-01' where host like 'slow%'`);
  const quick = () => service.pushes.filter(({ device }) => device === 'quick').length;
  await whileSending(async () => {
    await until(() => quick() === 10, 'all others are sent');
    expect((await pending()).length).toBeGreaterThanOrEqual(20 - 10);
    release();
    await allDone();
  }, service);
  expect(service.pushes).toHaveLength(30);
});

test('two workers send each push once', async () => {
  await using service = await pushService();
  for (let n = 0; n < 20; n++) await subscribe(bob, service.device(`device ${n}`));
  await sent('hello');
  await whileSending(allDone, { ...service, count: 2 });
  expect(service.pushes.map(({ device }) => device).toSorted()).toEqual(
    Array.from({ length: 20 }, (_, n) => `device ${n}`).toSorted(),
  );
});

test('a test push arrives without a chat', async () => {
  await using service = await pushService();
  const id = await subscribe(bob, service.device('phone'));
  await query(`insert into push_pending (subscription_id, host) values ($1, 'a.push.test')`, [id]);
  await dueNow();
  await whileSending(allDone, service);
  expect(service.pushes).toMatchObject([{ content: { test: true }, urgency: 'high' }]);
});

test('a worker that is killed after the claim, or after the answer, leaves the push to the next: the same again, never none', async () => {
  const script = await builtService('worker');
  const killed = { now: (): unknown => undefined };
  let kills = 0;
  await using service = await pushService({
    answerTo: () => {
      // Before the worker has the answer.
      if (kills++ === 0) killed.now();
      return undefined;
    },
  });
  const ca = join(tmpdir(), `push-ca-${process.pid}.crt`);
  await writeFile(ca, service.ca);
  await subscribe(bob, service.device('phone', 'localhost'));
  const message = await sent('hello');
  const child = spawn(process.execPath, [script], {
    stdio: 'ignore',
    env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: ca, ...stage.environment },
  });
  killed.now = () => child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await pending()).toMatchObject([{ attempts: 1, lease: expect.any(String) }]);
  expect(service.pushes).toHaveLength(1);
  // Its lease ends; meanwhile a claim that was made and never used does so too.
  await dueNow();
  expect(await stage.decided()).toHaveLength(1);
  await dueNow();
  expect(await whileSending(allDone, service)).toMatchObject({ sent: 1 });
  expect(service.pushes.map(({ content }) => content.message_id)).toEqual([message.id, message.id]);
  expect(service.pushes[0]?.topic).toBe(service.pushes[1]?.topic);
});

test('addresses are encrypted again with a new key', async () => {
  await subscribe(bob, anyDevice('rotated.example.com'));
  const old = config.encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key) }));
  const next = { id: 7, key: Buffer.alloc(32, 7) };
  // As an operator does it.
  const owner = openDatabase(app.database);
  expect(await rotateKeys(owner.pool, [next])).toMatchObject({ retired: [] });
  expect(await rotateKeys(owner.pool, [next, ...old])).toMatchObject({ inUse: [] });
  await owner.close();
  const [row] = await query<{ address_hash: Buffer; sealed: Buffer }>(
    'select address_hash, sealed from push_subscriptions',
  );
  const { address_hash: hash = Buffer.of(), sealed = Buffer.of() } = row ?? {};
  expect(createPushCipher([next]).open(bob.id, hash, sealed)).toContain('rotated.example.com');
  expect(() => createPushCipher([next]).open(carol.id, hash, sealed)).toThrow();
});
