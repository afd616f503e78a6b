import { tcpProxy } from '@fechatter/testing/tcp-proxy';
import { afterAll, expect, test } from 'vitest';
import { eventually } from '../testing/awaited-facts.ts';
import { rawStream } from '../testing/raw-stream.ts';
import { testWorld } from '../testing/world.ts';

const PLAIN = '/api/notifications/events';
const world = await testWorld();
const database = await tcpProxy(world.database.url);
const notify = await world.notify({ pingMs: 50 }, { FECHATTER_DATABASE_URL: database.url });
afterAll(async () => {
  await notify.close();
  await database[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

test('while the database is down a ticket is accepted unchecked; checked later, it attaches or ends, and counts once', async () => {
  await eventually(async () => (await fetch(`${notify.url}/readyz`)).status === 200);
  const alice = await world.person();
  const chat = await world.chat(await world.workspace(alice), [alice]);
  const headers = { authorization: `Bearer ${alice.token}` };
  const taken = await fetch(`${notify.url}/api/notifications/tickets`, { method: 'POST', headers });
  const { ticket } = (await taken.json()) as { ticket: string };
  using known = rawStream(notify.url, PLAIN, headers);
  const { id } = await known.until((frames) => frames.find(({ event }) => event === 'ready'));
  await world.send(chat, alice, 'one');
  await known.until((frames) => frames.find(({ event }) => event === 'message'));

  database.cut();
  await world.send(chat, alice, 'two');
  using good = rawStream(notify.url, `${PLAIN}?ticket=${ticket}&last_event_id=${id}`);
  using bad = rawStream(notify.url, `${PLAIN}?ticket=nonsense`);
  for (const stream of [good, bad]) {
    expect(await stream.status()).toBe(200);
    await stream.until((frames) => frames.length >= 3);
    expect(stream.body()).toMatch(/^retry: \d+\n\n(event: ping\ndata: \{\}\n\n)+$/);
  }
  expect((await fetch(notify.url + PLAIN)).status).toBe(401);
  expect((await fetch(notify.url + PLAIN, { headers: { authorization: 'Bearer nonsense' } })).status).toBe(401);

  database.restore();
  await bad.ended;
  expect(bad.body()).toMatch(/^retry: \d+\n\n(event: ping\ndata: \{\}\n\n)+$/);
  expect((await fetch(`${notify.url}${PLAIN}?ticket=nonsense`)).status).toBe(401);
  const received = await good.until((frames) => {
    const messages = frames.filter(({ event }) => event === 'message');
    return frames.some(({ event }) => event === 'ready') && messages.length >= 2 && messages;
  });
  expect(received.map(({ data }) => (JSON.parse(data) as { seq: number }).seq)).toEqual([2, 3]);
  expect(await world.database.query('select connects from stream_tickets')).toEqual([{ connects: 1 }]);
});

test('a service that starts without its database accepts streams, and attaches them once it is reachable', async () => {
  const alice = await world.person();
  database.cut();
  const late = await world.notify({ pingMs: 50 }, { FECHATTER_DATABASE_URL: database.url });
  using stream = rawStream(late.url, PLAIN, { authorization: `Bearer ${alice.token}` });
  expect(await stream.status()).toBe(200);
  await stream.until((frames) => frames.find(({ event }) => event === 'ping'));
  database.restore();
  await stream.until((frames) => frames.find(({ event }) => event === 'ready'));
  expect(stream.body().match(/retry:/g)).toHaveLength(1);
  await late.close();
});
