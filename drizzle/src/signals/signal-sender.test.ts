import type { ChatSignal } from '@fechatter/contract';
import { until } from '@fechatter/testing/until';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { testDatabase } from '../testing/index.ts';
import { listenForSignals } from './listen-for-signals.ts';
import { payloadsOf, readPayload, SIGNALS_CHANNEL } from './payload.ts';
import { createSignalSender } from './signal-sender.ts';

const database = await testDatabase();
const db = openDatabase(database);
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

const seen = (lastReadNumber: number, userId: string = randomUUID(), chatId: string = randomUUID()): ChatSignal => ({
  kind: 'seen',
  chatId,
  userId,
  lastReadNumber,
});

async function listening() {
  const payloads: string[] = [];
  const client = new pg.Client({ connectionString: database.url });
  client.on('notification', ({ payload = '' }) => payloads.push(payload));
  await client.connect();
  await client.query(`listen ${SIGNALS_CHANNEL}`);
  return {
    payloads,
    signals: () => payloads.flatMap((payload) => readPayload(payload).signals),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

test('the first signal is sent at once, later ones together, and of one person and chat only the newest', async () => {
  await using received = await listening();
  const sender = createSignalSender(db.pool);
  const [chatId, userId] = [randomUUID(), randomUUID()];
  const first = seen(1, userId, chatId);
  sender.send(first);
  const others = Array.from({ length: 20 }, (_, index) => seen(index));
  for (const signal of others) sender.send(signal);
  for (const number of [2, 9, 5]) sender.send(seen(number, userId, chatId));
  await sender.close();
  await until(
    () => received.signals().length === 22,
    () => `22 signals, not ${received.signals().length}`,
  );
  expect(received.payloads.map((payload) => readPayload(payload).signals.length)).toEqual([1, 21]);
  // The highest number wins: a mark that overtakes another on its way here must not take it back.
  expect(received.signals()).toEqual([first, ...others, seen(9, userId, chatId)]);
  expect(sender.counts).toEqual({ sent: 22, superseded: 2, dropped: 0, failed: 0 });
});

test('a flood is split into payloads that Postgres accepts, and the excess is dropped and counted', async () => {
  await using received = await listening();
  const sender = createSignalSender(db.pool);
  for (let number = 0; number < 10_000; number++) sender.send(seen(number));
  const { dropped } = sender.counts;
  // All but the one that went at once, and as many as may wait.
  expect(dropped).toBe(10_000 - 1 - 4_000);
  await sender.close();
  await until(
    () => received.signals().length === 4_001,
    () => `4,001 signals, not ${received.signals().length}`,
  );
  expect(sender.counts).toMatchObject({ sent: 4_001, failed: 0 });
  for (const payload of received.payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
  expect(received.payloads.length).toBeLessThan(90);
});

test('while the database is down only signals are lost', async () => {
  const away = openDatabase({ ...database, url: 'postgres://nobody@127.0.0.1:1/none' });
  const sender = createSignalSender(away.pool);
  sender.send(seen(1));
  await sender.close();
  expect(sender.counts).toMatchObject({ sent: 0, failed: 1 });
  await away.close();
});

test('other kinds, other shapes and unknown keys are not read as signals', () => {
  const good = seen(3);
  const none = { signals: [], hints: [], unknown: 0, malformed: 0 };
  const id = randomUUID();
  const hints = [
    { kind: 'presence.changed', userId: id },
    { kind: 'presence.changed', userId: null },
    { kind: 'presence.watched', instanceId: id, streamId: id },
  ];
  const of = (...entries: unknown[]) => readPayload(JSON.stringify(entries));
  expect(of({ ...good, colour: 'red' }, good)).toEqual({ ...none, signals: [good, good] });
  expect(of({ kind: 'winking', chatId: good.userId })).toEqual({ ...none, unknown: 1 });
  expect(of(...hints)).toEqual({ ...none, hints });
  const bad = [
    { kind: 'presence.changed' },
    { kind: 'presence.watched', streamId: id },
    { ...good, lastReadNumber: -1 },
    { ...good, chatId: '1' },
    { kind: 'seen' },
    { kind: 7 },
    null,
    'x',
    [good],
  ];
  expect(of(...bad)).toEqual({ ...none, malformed: bad.length });
  for (const payload of ['', 'null', '{}', '[', '"x"', JSON.stringify(good), '\u0000'])
    expect(readPayload(payload)).toEqual({ ...none, malformed: 1 });
  expect(readPayload('[]')).toEqual(none);
  expect(payloadsOf([])).toEqual([]);
});

test('the listener reconnects when its connection is killed', async () => {
  const stopped = new AbortController();
  const payloads: string[] = [];
  const errors: unknown[] = [];
  const running = listenForSignals(
    { database, onPayload: (payload) => payloads.push(payload), onError: (error) => errors.push(error) },
    stopped.signal,
  );
  const sender = createSignalSender(db.pool);
  const isReceived = () => {
    const before = payloads.length;
    return until(() => {
      sender.send(seen(1));
      return payloads.length > before;
    }, 'a signal');
  };
  await isReceived();
  const killed = await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test-signals'`,
  );
  expect(killed).toHaveLength(1);
  await isReceived();
  stopped.abort();
  await running;
  await sender.close();
});
