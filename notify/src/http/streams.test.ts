import type { Event } from '@fechatter/contract';
import type { TrackedEnvelope } from '@trpc/server';
import { sseStreamProducer } from '@trpc/server/unstable-core-do-not-import';
import { createCaller } from '../testing/caller.ts';
import superjson from 'superjson';
import { collectedLog } from '@fechatter/service-kit/testing';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { eventually } from '../testing/awaited-facts.ts';
import { rawStream } from '../testing/raw-stream.ts';
import { stockStream } from '../testing/stock-client.ts';
import { testWorld } from '../testing/world.ts';

const world = await testWorld();
const ORIGIN = 'http://app.example';
const notify = await world.notify(
  { pingMs: 100 },
  { FECHATTER_LIMITS_STREAMS_PER_SESSION: '3', FECHATTER_SERVER_CORS_ORIGINS: ORIGIN },
);
const TRPC = '/trpc/notification.events';
const PLAIN = '/api/notifications/events';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
afterAll(async () => {
  await notify.close();
  await world[Symbol.asyncDispose]();
});

test("a refused subscription gets the same response as from tRPC's own producer", async () => {
  using stream = rawStream(notify.url, TRPC, { 'x-request-id': 'request-1' });
  await stream.ended;
  const error = {
    message: 'Sign in and send the token as `Authorization: Bearer <token>`.',
    code: -32001,
    data: {
      code: 'UNAUTHORIZED',
      httpStatus: 401,
      reason: 'not_signed_in',
      path: 'notification.events',
      requestId: 'request-1',
    },
  };
  const data = (async function* () {
    yield* [];
    throw new Error('refused');
  })();
  const own = sseStreamProducer({
    data,
    serialize: (value: unknown) => superjson.serialize(value),
    formatError: () => error,
    client: { reconnectAfterInactivityMs: 45_000 },
  });
  expect(stream.body()).toBe(await new Response(own).text());
  expect(stream.head()).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(stream.head().toLowerCase()).toContain('content-type: text/event-stream\r\n');
  expect(stream.head().toLowerCase()).toContain('cache-control: no-cache, no-transform\r\n');
  expect(stream.head().toLowerCase()).not.toContain('transfer-encoding');
});

test.each([
  [{ authorization: 'Bearer nonsense' }, '', 'token_invalid'],
  [{}, '', 'not_signed_in'],
  [{}, '?ticket=nonsense', 'ticket_invalid'],
])('the plain stream refuses %o %s with 401 and a body', async (headers, query, reason) => {
  const response = await fetch(notify.url + PLAIN + query, { headers });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({
    error: { code: 'UNAUTHORIZED', reason, request_id: expect.any(String) },
  });
});

test('an ended session gets no stream on either wire', async () => {
  const alice = await world.person();
  await world.revoke(alice);
  expect((await fetch(notify.url + PLAIN, { headers: bearer(alice.token) })).status).toBe(401);
  using stream = stockStream({ url: () => notify.url, token: alice.token });
  expect((await stream.failed()).data).toMatchObject({ code: 'UNAUTHORIZED', reason: 'session_revoked' });
});

test('the input is validated after the caller, and refused in a frame', async () => {
  const alice = await world.person();
  using bad = rawStream(
    notify.url,
    `${TRPC}?input=${encodeURIComponent('{"json":{"lastEventId":7}}')}`,
    bearer(alice.token),
  );
  const frame = await bad.until((frames) => frames.find(({ event }) => event === 'serialized-error'));
  expect(frame.data).toContain('"reason":"invalid_input"');
  using broken = rawStream(notify.url, `${TRPC}?input=nonsense`, bearer(alice.token));
  expect((await broken.until((frames) => frames[1])).event).toBe('serialized-error');
});

test('keep-alive moves the id of a live stream, on both wires', async () => {
  const [alice, bob] = [await world.person(), await world.person()];
  const workspace = await world.workspace(alice, bob);
  using trpc = rawStream(notify.url, TRPC, bearer(alice.token));
  using plain = rawStream(notify.url, PLAIN, bearer(alice.token));
  const ready = await trpc.until((frames) => frames.find(({ data }) => data.includes('"ready"')));
  await plain.until((frames) => frames.find(({ event }) => event === 'ready'));
  const chat = await world.chat(workspace, [bob]);
  await world.send(chat, bob, 'not for alice');
  const moved = await trpc.until((frames) => {
    const { id } = frames.findLast(({ event }) => event === 'restore-id') ?? {};
    return id !== ready.id && plain.frames().some((frame) => frame.event === 'ping' && frame.id === id) && id;
  });
  expect(trpc.body()).toContain(`event: ping\ndata: \n\n\nevent: restore-id\ndata: \nid: ${moved}\n\n\n`);
  expect(plain.body()).toContain(`event: ping\ndata: {}\nid: ${moved}\n\n`);
  expect(trpc.body()).not.toContain('not for alice');
});

test('plain streams carry references, and continue behind Last-Event-ID and last_event_id', async () => {
  const alice = await world.person();
  const workspace = await world.workspace(alice);
  const chat = await world.chat(workspace, [alice]);
  using stream = rawStream(notify.url, PLAIN, bearer(alice.token));
  const ready = await stream.until((frames) => frames.find(({ event }) => event === 'ready'));
  const messageId = await world.send(chat, alice, 'a secret');
  const message = await stream.until((frames) => frames.find(({ event }) => event === 'message'));
  expect(JSON.parse(message.data)).toEqual({ chat_id: chat.id, message_id: messageId, seq: 2 });
  expect(stream.body()).not.toContain('secret');

  using byHeader = rawStream(notify.url, PLAIN, { ...bearer(alice.token), 'last-event-id': ready.id ?? '' });
  using byQuery = rawStream(notify.url, `${PLAIN}?last_event_id=${ready.id}`, bearer(alice.token));
  for (const resumed of [byHeader, byQuery]) {
    const last = await resumed.until((frames) => frames.find(({ event }) => event === 'ready'));
    expect(resumed.frames()).toContainEqual(message);
    expect(JSON.parse(last.data)).toMatchObject({ resumed: true });
  }
});

test('a ticket opens streams 20 times, and its stream lives as long as its session', async () => {
  const alice = await world.person();
  const response = await fetch(`${notify.url}/trpc/notification.ticket`, {
    method: 'POST',
    headers: bearer(alice.token),
  });
  const { result } = (await response.json()) as { result: { data: { json: { ticket: string; expiresAt: string } } } };
  const { ticket, expiresAt } = result.data.json;
  expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(290_000);
  for (let connect = 1; connect <= 20; connect++) {
    using stream = rawStream(notify.url, `${PLAIN}?ticket=${ticket}`);
    await stream.until((frames) => frames.find(({ event }) => event === 'ready'));
    stream.socket.destroy();
    await stream.ended;
  }
  expect((await fetch(`${notify.url}${PLAIN}?ticket=${ticket}`)).status).toBe(401);
  expect(await world.database.query('select connects, length(ticket_hash) from stream_tickets')).toEqual([
    { connects: 20, length: 32 },
  ]);
});

test('a session has a limited number of streams', async () => {
  const alice = await world.person();
  const open = () => rawStream(notify.url, PLAIN, bearer(alice.token));
  using one = open();
  using two = open();
  using three = open();
  for (const stream of [one, two, three]) await stream.until((frames) => frames.length > 0);
  const refused = await fetch(notify.url + PLAIN, { headers: bearer(alice.token) });
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ error: { reason: 'too_many_streams' } });
  using stream = stockStream({ url: () => notify.url, token: alice.token });
  expect((await stream.failed()).data).toMatchObject({ code: 'TOO_MANY_REQUESTS', reason: 'too_many_streams' });
  one.socket.destroy();
  await eventually(async () => {
    using another = open();
    return (await another.status()) === 200;
  });
});

test('other methods, HEAD and another origin', async () => {
  expect((await fetch(notify.url + PLAIN, { method: 'DELETE' })).status).toBe(405);
  expect((await fetch(notify.url + PLAIN, { method: 'DELETE' })).headers.get('allow')).toBe('GET');
  expect((await fetch(notify.url + PLAIN, { method: 'HEAD' })).status).toBe(200);
  const alice = await world.person();
  using stream = rawStream(notify.url, PLAIN, { ...bearer(alice.token), origin: ORIGIN });
  await stream.status();
  expect(stream.head()).toContain(`access-control-allow-origin: ${ORIGIN}`);
});

test('a subscription without a socket is an ordinary async iterable of tracked events', async () => {
  const alice = await world.person();
  const workspace = await world.workspace(alice);
  const { caller, streams } = await createCaller(world, alice);
  const kinds: string[] = [];
  for await (const item of await caller.notification.events()) {
    // tRPC types the result of a caller like that of a client; at run time it is the envelope.
    const [id, event] = item as unknown as TrackedEnvelope<Event>;
    expect(id).toMatch(/^[\w-]{18}$/);
    kinds.push(event.kind);
    if (event.kind === 'ready') await world.chat(workspace, [alice]);
    if (event.kind === 'chat.created') break;
  }
  expect([kinds.at(0), kinds.at(-1)]).toEqual(['ready', 'chat.created']);
  expect(streams.hub.roster.connections.size).toBe(0);
  await streams.close();
});

test('a pipelined request for a stream is refused, and is not logged as an error of the service', async () => {
  const person = await world.person();
  const { log, lines } = collectedLog();
  const own = await world.notify({ log });
  const { hostname, port } = new URL(own.url);
  for (const path of [TRPC, PLAIN])
    for (const authorization of ['', `authorization: Bearer ${person.token}\r\n`]) {
      const socket = connect(Number(port), hostname);
      let received = '';
      socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
      const head = (to: string) => `GET ${to} HTTP/1.1\r\nhost: x\r\n${authorization}`;
      socket.write(`${head('/readyz')}\r\n${head(path)}connection: close\r\n\r\n`);
      await once(socket, 'close');
      expect(received.match(/HTTP\/1\.1 \d+/g)?.[1], path).toBe('HTTP/1.1 400');
      expect(received).toContain('a connection of its own');
    }
  await own.close();
  expect(lines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
});
