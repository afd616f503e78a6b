import { collectedLog } from '@fechatter/service-kit/testing';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { rawStream } from '../testing/raw-stream.ts';
import { testWorld } from '../testing/world.ts';

const PLAIN = '/api/notifications/events';
const TRPC = '/trpc/notification.events';
const ORIGIN = 'http://app.example';
const { log, lines } = collectedLog('trace');
const world = await testWorld();
const notify = await world.notify({ log, pingMs: 50, sweepMs: 20 }, { FECHATTER_SERVER_CORS_ORIGINS: ORIGIN });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const ticketFor = async (token: string): Promise<string> => {
  const taken = await fetch(`${notify.url}/api/notifications/tickets`, { method: 'POST', headers: bearer(token) });
  return ((await taken.json()) as { ticket: string }).ticket;
};
const isReady = ({ event }: { event: string | undefined }) => event === 'ready';
afterEach(() => void vi.useRealTimers());
afterAll(async () => {
  await notify.close();
  await world[Symbol.asyncDispose]();
});

test.each(['1.0', '1.1'] as const)(
  'over HTTP/%s the body ends with the connection, and is retry, ready and pings, byte by byte',
  async (version) => {
    const alice = await world.person();
    using stream = rawStream(notify.url, PLAIN, bearer(alice.token), { version });
    const { id } = await stream.until((frames) => frames.find(isReady));
    await stream.until((frames) => frames.filter(({ event }) => event === 'ping').length >= 2);
    const head = stream.head().toLowerCase();
    expect(head).toMatch(/^http\/1.1 200 ok\r\n/);
    expect(head).toContain('content-type: text/event-stream\r\n');
    expect(head).toContain('cache-control: no-cache, no-transform\r\n');
    expect(head).toContain('x-accel-buffering: no\r\n');
    expect(head).toMatch(/\r\nconnection: close(\r\n|$)/);
    expect(head).not.toMatch(/transfer-encoding|content-length|content-encoding/);
    const wait = Number(/^retry: (\d+)\n\n/.exec(stream.body())?.[1]);
    expect(wait).toBeGreaterThanOrEqual(1_000);
    expect(wait).toBeLessThanOrEqual(2_000);
    const [, streamId = ''] = /"stream_id":"([0-9a-f-]{36})"/.exec(stream.body()) ?? [];
    const ready = `event: ready\ndata: {"cursor":"${id}","resumed":false,"stream_id":"${streamId}"}\nid: ${id}\n\n`;
    const ping = `event: ping\ndata: {}\nid: ${id}\n\n`;
    const pings = stream.body().split(ping).length - 1;
    // A ping that comes before the stream is live has no id.
    const early = 'event: ping\ndata: {}\n\n'.repeat(stream.body().split('data: {}\n\n').length - 1);
    expect(stream.body()).toBe(`retry: ${wait}\n\n${early}${ready}${ping.repeat(pings)}`);
  },
);

test('a refusal is JSON that a page of an allowed origin can read', async () => {
  const call = (headers: Record<string, string>) => fetch(notify.url + PLAIN, { headers });
  const refused = await call({ origin: ORIGIN, authorization: 'Bearer nonsense' });
  expect(refused.status).toBe(401);
  expect(refused.headers.get('content-type')).toBe('application/json');
  expect(refused.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  expect(await refused.json()).toMatchObject({ error: { code: 'UNAUTHORIZED', reason: 'token_invalid' } });
  expect((await call({ origin: 'http://evil.example' })).headers.has('access-control-allow-origin')).toBe(false);
});

test('a stream may be read by pages of allowed origins alone, which may send the headers that resume it', async () => {
  const alice = await world.person();
  const headOf = async (origin: string) => {
    using stream = rawStream(notify.url, PLAIN, { ...bearer(alice.token), origin });
    await stream.status();
    return stream.head().toLowerCase();
  };
  expect(await headOf(ORIGIN)).toContain(`access-control-allow-origin: ${ORIGIN}\r\n`);
  expect(await headOf(ORIGIN)).toMatch(/\r\nvary: [^\r]*origin/);
  expect(await headOf('http://evil.example')).not.toContain('access-control-allow-origin');
  const ask = (origin: string) =>
    fetch(notify.url + PLAIN, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization,last-event-id',
      },
    });
  const { status, headers } = await ask(ORIGIN);
  expect([status, headers.get('access-control-allow-origin')]).toEqual([204, ORIGIN]);
  const allowed = headers.get('access-control-allow-headers')?.split(', ');
  expect(allowed).toEqual(expect.arrayContaining(['authorization', 'last-event-id']));
  expect((await ask('http://evil.example')).headers.has('access-control-allow-origin')).toBe(false);
});

test('the header Last-Event-ID is stronger than last_event_id, which an EventSource’s URL keeps', async () => {
  const alice = await world.person();
  const chat = await world.chat(await world.workspace(alice), [alice]);
  using live = rawStream(notify.url, PLAIN, bearer(alice.token));
  await live.until((frames) => frames.find(isReady));
  const received = async (text: string) => {
    await world.send(chat, alice, text);
    return live.until((frames) => frames.filter(({ event }) => event === 'message')[text.length - 1]);
  };
  const [{ id: old }, { id }] = [await received('a'), await received('bb')];
  const resumed = async (query: string, headers: Record<string, string>) => {
    using stream = rawStream(notify.url, PLAIN + query, { ...bearer(alice.token), ...headers });
    await stream.until((frames) => frames.find(isReady));
    return stream.frames().flatMap(({ event }) => (event === 'ping' ? [] : event));
  };
  expect(await resumed(`?last_event_id=${old}`, { 'last-event-id': id ?? '' })).toEqual(['ready']);
  expect(await resumed(`?last_event_id=${old}`, { 'last-event-id': '' })).toEqual(['message', 'ready']);
  expect(await resumed('?last_event_id=', {})).toEqual(['ready']);
  for (const bad of ['nonsense', 'x'.repeat(8_000), '%00%ff', '../..'])
    expect(await resumed(`?last_event_id=${bad}`, {})).toEqual(['reset', 'ready']);
});

test('HEAD, POST and a subscription that is posted get a response at once', async () => {
  const alice = await world.person();
  const call = (path: string, method: string) => fetch(notify.url + path, { method, headers: bearer(alice.token) });
  const head = await call(PLAIN, 'HEAD');
  expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  const posted = await call(PLAIN, 'POST');
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET']);
  expect((await call(TRPC, 'HEAD')).status).toBeLessThan(500);

  const body = JSON.stringify({ json: { lastEventId: 'nonsense' } });
  const headers = { ...bearer(alice.token), 'content-type': 'application/json', 'content-length': `${body.length}` };
  using subscription = rawStream(notify.url, TRPC, headers, { method: 'POST', body });
  const ready = await subscription.until((frames) => frames.find(({ data }) => data.includes('"kind":"ready"')));
  expect(ready.data).toContain('"resumed":false');
  expect(subscription.frames().some(({ data }) => data.includes('"kind":"reset"'))).toBe(true);
  using unsigned = rawStream(notify.url, TRPC, { 'content-length': '0' }, { method: 'POST' });
  await unsigned.ended;
  expect(unsigned.body()).toContain('"reason":"not_signed_in"');
});

test('a ticket is valid for five minutes, and only for its session', async () => {
  const alice = await world.person();
  const [first, second] = [await ticketFor(alice.token), await ticketFor(alice.token)];
  const reasonOf = async (ticket: string) => {
    const response = await fetch(`${notify.url}${PLAIN}?ticket=${ticket}`);
    return ((await response.json()) as { error: { reason: string } }).error.reason;
  };
  using stream = rawStream(notify.url, `${PLAIN}?ticket=${first}`);
  await stream.until((frames) => frames.find(isReady));
  const age = (seconds: number) =>
    world.database.query(`update stream_tickets set expires_at = expires_at - make_interval(secs => $1)`, [seconds]);
  await age(295);
  using late = rawStream(notify.url, `${PLAIN}?ticket=${first}`);
  await late.until((frames) => frames.find(isReady));
  await age(5);
  expect(await reasonOf(first)).toBe('ticket_invalid');
  expect(stream.socket.closed).toBe(false);
  await age(-300);
  await world.revoke(alice);
  await stream.ended;
  expect(stream.frames().at(-1)?.event).toBe('session_revoked');
  expect(await reasonOf(second)).toBe('session_revoked');
});

test('a stream opened by a ticket is cut after an hour; one opened by a token is not', async () => {
  const alice = await world.person();
  vi.useFakeTimers({ toFake: ['performance'] });
  using byTicket = rawStream(notify.url, `${PLAIN}?ticket=${await ticketFor(alice.token)}`);
  using byToken = rawStream(notify.url, PLAIN, bearer(alice.token));
  for (const stream of [byTicket, byToken]) await stream.until((frames) => frames.find(isReady));
  const pingsOf = (stream: typeof byToken) => stream.frames().filter(({ event }) => event === 'ping').length;
  vi.advanceTimersByTime(3_590_000);
  const before = pingsOf(byTicket);
  await byTicket.until(() => pingsOf(byTicket) > before + 3);
  vi.advanceTimersByTime(11_000);
  await byTicket.ended;
  const then = pingsOf(byToken);
  await byToken.until(() => pingsOf(byToken) > then + 3);
  expect(byToken.frames().filter(isReady)).toHaveLength(2);
});

test('no log line has a ticket or a token in it', async () => {
  const alice = await world.person();
  const ticket = await ticketFor(alice.token);
  using stream = rawStream(notify.url, `${PLAIN}?ticket=${ticket}`);
  await stream.until((frames) => frames.find(isReady));
  const refused = await fetch(`${notify.url}${PLAIN}?ticket=${ticket}x`, { headers: bearer(`${alice.token}x`) });
  expect(refused.status).toBe(401);
  expect((await fetch(`${notify.url}${PLAIN}/nowhere?ticket=${ticket}`)).status).toBe(404);
  expect(lines.some(({ reason }) => reason === 'token_invalid')).toBe(true);
  const text = JSON.stringify(lines);
  for (const secret of [ticket, alice.token]) expect(text).not.toContain(secret);
});
