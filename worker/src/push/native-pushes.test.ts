import { gate, silentLog } from '@fechatter/service-kit/testing';
import { builtService } from '@fechatter/testing/built-service';
import { until } from '@fechatter/testing/until';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { nativePushStage } from '../testing/native-push-stage.ts';
import { pushWork } from './push-work.ts';
import { runPushes } from './run-pushes.ts';

const native = await nativePushStage();
const { services, stage, people, chat, workspace, send, sent, allDone, shown } = native;
const { ca } = services;
const { query, consume, dueNow, pending, subscribe, whileSending } = stage;
const { alice, bob } = people;
afterAll(() => native[Symbol.asyncDispose]());
beforeEach(() => native.clear());

const kinds = ['Fcm', 'Apns'] as const;

test('devices of both kinds receive a push, by a grant and a token that hold, over one connection each', async () => {
  const [fcm, apns] = [services.device('Fcm'), services.device('Apns')];
  await subscribe(bob, fcm);
  await subscribe(bob, apns);
  const mention = await sent(`<@${bob.id}> secret`);
  const before = { ...services.counts };
  await whileSending(
    async () => {
      await allDone();
      await bob.trpc.chat.markRead.mutate({ chatId: chat.id, number: mention.number });
      await consume();
      await allDone();
      await sent('plain');
      await allDone();
    },
    { ca },
  );
  expect(services.complaints).toEqual([]);
  // One for the token endpoint and both services: they have one address here.
  expect(services.counts).toEqual({ grants: before.grants + 1, connections: before.connections + 1 });
  const of = (service: string) => services.pushes.filter((push) => push.service === service);
  const [mentioned, cleared, plain] = of('apns');
  expect(mentioned).toMatchObject({
    device: apns.token,
    content: { chat_id: chat.id, message_id: mention.id, mentioned: true, badge: 1 },
    shown: { alert: { body: 'You were mentioned.' }, badge: 1, 'thread-id': chat.id, 'mutable-content': 1 },
    headers: { 'apns-push-type': 'alert', 'apns-priority': '10', 'apns-topic': 'com.example.chat' },
  });
  expect(cleared).toMatchObject({
    content: { chat_id: chat.id, message_id: mention.id, read: true, badge: 0 },
    shown: { 'content-available': 1 },
    headers: { 'apns-push-type': 'background', 'apns-priority': '5' },
  });
  expect(plain).toMatchObject({
    shown: { alert: { body: 'New messages' } },
    headers: { 'apns-priority': '5', 'apns-collapse-id': mentioned?.headers['apns-collapse-id'] },
  });
  expect(of('fcm')).toMatchObject([
    {
      device: fcm.token,
      content: { chat_id: chat.id, message_id: mention.id, mentioned: 'true', badge: '1' },
      shown: { priority: 'HIGH', ttl: '86400s' },
      apns: { headers: { 'apns-priority': '10' }, payload: { aps: { alert: { body: 'You were mentioned.' } } } },
    },
    {
      content: { message_id: mention.id, read: 'true' },
      shown: { priority: 'NORMAL' },
      apns: { headers: { 'apns-push-type': 'background' } },
    },
    { content: { mentioned: 'false' }, shown: { priority: 'NORMAL' } },
  ]);
  expect(JSON.stringify(services.pushes)).not.toContain('secret');
  expect(services.apnsTokens.size).toBe(1);
});

test('with previews: title and text; in a direct message with high priority', async () => {
  for (const kind of kinds) await subscribe(bob, services.device(kind));
  await bob.trpc.user.setPreferences.mutate({ pushPreviews: true });
  const { id } = await alice.trpc.chat.create.mutate({
    workspaceId: workspace.id,
    chatType: 'Single',
    name: 'single',
    memberIds: [bob.id],
  });
  await send('hi', alice, id);
  await consume();
  await dueNow();
  await whileSending(allDone, { ca });
  expect(services.pushes.toSorted((a, b) => a.service.localeCompare(b.service))).toMatchObject([
    { shown: { alert: { title: 'alice', body: 'hi' } }, headers: { 'apns-priority': '10' } },
    { content: { title: 'alice', body: 'hi' }, shown: { priority: 'HIGH' } },
  ]);
  expect(services.pushes.find(({ service }) => service === 'apns')?.content).not.toHaveProperty('body');
  await bob.trpc.chat.markRead.mutate({ chatId: id, number: 1 });
});

test.each(['goaway', 'at once'] as const)('a connection that was closed (%s) costs no push', async (how) => {
  for (const kind of kinds) await subscribe(bob, services.device(kind));
  await whileSending(
    async () => {
      await sent('one');
      await allDone();
      services.closeConnections(how);
      await sent('two');
      await allDone();
    },
    { ca },
  );
  expect(services.pushes).toHaveLength(4);
});

test('a push service takes its next pushes when it has answered, not at the next poll', async () => {
  for (let n = 0; n < 20; n++) await subscribe(bob, services.device('Apns'));
  await sent('hello');
  const work = pushWork(stage.config, { ca }) ?? expect.fail('pushes are off');
  const stop = new AbortController();
  const { ended } = runPushes({
    deps: { ...work, db: stage.db, log: silentLog() },
    signal: stop.signal,
    pollMs: 3_600_000,
  });
  await allDone();
  stop.abort();
  await ended;
  work.close();
  expect(services.pushes).toHaveLength(20);
});

test('a push service that hangs delays no other', async () => {
  const held = gate();
  services.answerTo = async ({ service }) => {
    if (service === 'fcm') await held.opened;
    return undefined;
  };
  for (let n = 0; n < 10; n++) for (const kind of kinds) await subscribe(bob, services.device(kind));
  await sent('hello');
  await query(`update push_pending set due_at = '1999-01-01' where host = 'Fcm'`);
  await whileSending(
    async () => {
      await until(
        () => services.pushes.filter(({ service }) => service === 'apns').length === 10,
        'the others are sent',
      );
      held.open();
      await allDone();
    },
    { ca },
  );
  expect(services.pushes).toHaveLength(20);
});

test('what was read elsewhere meanwhile is not pushed; what is shown is removed once it is read, and only then', async () => {
  for (const kind of kinds) await subscribe(bob, services.device(kind));
  const first = await sent('one');
  await bob.trpc.chat.markRead.mutate({ chatId: chat.id, number: first.number });
  await consume();
  expect(await whileSending(allDone, { ca })).toMatchObject({ sent: 0, unwanted: 2 });
  const second = await sent('two');
  const third = await send('three');
  await consume();
  await dueNow();
  await whileSending(allDone, { ca });
  expect(services.pushes.map(({ content }) => content['message_id'])).toEqual([third.id, third.id]);
  expect(await shown()).toEqual([{ message_id: third.id }, { message_id: third.id }]);
  await bob.trpc.chat.markRead.mutate({ chatId: chat.id, number: second.number });
  await consume();
  expect(await pending()).toMatchObject([{ is_clearing: true }, { is_clearing: true }]);
  expect(await whileSending(allDone, { ca })).toMatchObject({ sent: 0, unwanted: 2 });
  // Who writes has read, too.
  await send('an answer', bob);
  await consume();
  expect(await whileSending(allDone, { ca })).toMatchObject({ sent: 2 });
  expect(services.pushes.slice(2).map(({ content }) => [content['message_id'], String(content['read'])])).toEqual([
    [third.id, 'true'],
    [third.id, 'true'],
  ]);
  expect(await shown()).toEqual([]);
  expect(services.complaints).toEqual([]);
});

test('what is read while the push is on its way is removed afterwards', async () => {
  await subscribe(bob, services.device('Apns'));
  const message = await sent('hello');
  services.answerTo = async ({ content }) => {
    if (content['read'] === true) return undefined;
    // As if the consumer had processed the reading before the worker noted what it sends.
    await query('delete from push_shown');
    await bob.trpc.chat.markRead.mutate({ chatId: chat.id, number: message.number });
    await consume();
    await query(
      'insert into push_shown (subscription_id, chat_id, message_id) select id, $1, $2 from push_subscriptions',
      [chat.id, message.id],
    );
    return undefined;
  };
  await whileSending(allDone, { ca });
  expect(services.pushes.map(({ content }) => content['read'])).toEqual([undefined, true]);
});

test('a push that removes a notification and overtakes it is sent again afterwards', async () => {
  await subscribe(bob, services.device('Apns'));
  const message = await sent('hello');
  services.answerTo = async ({ content }) => {
    if (content['read'] === true) return undefined;
    await bob.trpc.chat.markRead.mutate({ chatId: chat.id, number: message.number });
    await consume();
    await until(async () => (await shown()).length === 0, 'the other one is sent');
    return undefined;
  };
  await whileSending(allDone, { ca });
  expect(services.pushes.map(({ content }) => content['read'])).toEqual([undefined, true, true]);
  expect(await shown()).toEqual([]);
});

test('a reading that comes while an earlier one is being decided is not lost', async () => {
  await subscribe(bob, services.device('Apns'));
  const first = await sent('one');
  const second = await send('two');
  await consume();
  await dueNow();
  await whileSending(allDone, { ca });
  await bob.trpc.chat.markRead.mutate({ chatId: chat.id, number: first.number });
  await consume();
  // Claimed by a worker that decided too early.
  await query(`update push_pending set lease = gen_random_uuid(), due_at = '2100-01-01'`);
  await bob.trpc.chat.markRead.mutate({ chatId: chat.id, number: second.number });
  await consume();
  expect(await pending()).toMatchObject([{ is_clearing: true, lease: null }]);
  expect(await whileSending(allDone, { ca })).toMatchObject({ sent: 1 });
});

test.each(kinds)(
  '%s: a worker that is killed before it has the answer leaves the push to the next: the same again, never none',
  async (kind) => {
    const script = await builtService('worker');
    const killed = { now: (): unknown => undefined };
    let kills = 0;
    services.answerTo = () => {
      if (kills++ === 0) killed.now();
      return undefined;
    };
    const file = join(tmpdir(), `native-push-ca-${process.pid}.crt`);
    await writeFile(file, ca);
    await subscribe(bob, services.device(kind));
    const message = await sent('hello');
    const child = spawn(process.execPath, [script], {
      stdio: 'ignore',
      env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: file, ...stage.environment },
    });
    killed.now = () => child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await pending()).toMatchObject([{ attempts: 1, lease: expect.any(String) }]);
    // What the device may show is known although nobody recorded the result.
    expect(await shown()).toEqual([{ message_id: message.id }]);
    // Its lease ends; meanwhile a claim that was made and never used does so too.
    await dueNow();
    expect(await stage.decided()).toHaveLength(1);
    await dueNow();
    expect(await whileSending(allDone, { ca })).toMatchObject({ sent: 1 });
    expect(services.pushes.map(({ content }) => content['message_id'])).toEqual([message.id, message.id]);
  },
);
