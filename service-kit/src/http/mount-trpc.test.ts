import { initTRPC, TRPCError } from '@trpc/server';
import type { inferRouterError } from '@trpc/server/unstable-core-do-not-import';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import type { ErrorData } from '../errors/trpc-options.ts';
import { trpcOptions } from '../errors/trpc-options.ts';
import { refuse } from '../errors/refusal.ts';
import { collectedLog, listening, testConfig } from '../testing/index.ts';
import { mountTrpc, type TrpcCall } from './mount-trpc.ts';
import { createShell } from './shell.ts';

class Unreachable extends Error {}
const isUnavailable = (error: unknown) => error instanceof Unreachable;
const t = initTRPC.context<Pick<TrpcCall, 'requestId'>>().create(trpcOptions({ isUnavailable }));
const failing = (error: () => Error) =>
  t.procedure.query((): string => {
    throw error();
  });
const router = t.router({
  when: t.procedure.input(z.object({ at: z.string() })).query(({ input }) => new Date(input.at)),
  ping: t.procedure.mutation(() => 'pong'),
  echo: t.procedure.input(z.string()).mutation(({ input }) => input),
  refused: failing(() => refuse('chat_not_found')),
  limited: failing(() => refuse('rate_limited', { retryAfterMs: 1_500 })),
  bug: failing(() => new TypeError('a secret of ours')),
  away: failing(() => new Error('query', { cause: new Unreachable() })),
  wrongOutput: t.procedure.output(z.string()).query(() => 7 as never),
  events: t.procedure.subscription(async function* () {
    yield 1;
    throw new Unreachable();
  }),
});

function mounted(createContext = (call: TrpcCall) => ({ requestId: call.requestId })) {
  const config = testConfig('server');
  const { log, lines } = collectedLog();
  const app = createShell({ config, log, ready: () => Promise.resolve([]), isUnavailable });
  mountTrpc(app, { router, createContext, log, isUnavailable });
  return { app, config, lines };
}
const json = { 'content-type': 'application/json' };
const posted = (body: string | Buffer<ArrayBuffer>) => ({ method: 'POST', body, headers: json });
const errorIn = async (response: Response) =>
  ((await response.json()) as { error: { json: { message: string; data: ErrorData } } }).error.json;

test('a client’s types know the reason of an error', () => {
  expectTypeOf<inferRouterError<typeof router>['data']>().toEqualTypeOf<ErrorData>();
});

test('dates travel as dates to clients, and no input is one', async () => {
  const call = async (text: string) =>
    (await mounted().app.request(`/trpc/when?input=${encodeURIComponent(text)}`)).json();
  const at = '2026-01-01T00:00:00.000Z';
  expect(await call(`{"json":{"at":"${at}"}}`)).toMatchObject({
    result: { data: { json: at, meta: { values: ['Date'] } } },
  });
  expect(await call(`{"json":{"at":"${at}"},"meta":{"values":{"at":["Date"]}}}`)).toMatchObject({
    error: { json: { data: { reason: 'invalid_input' } } },
  });
});

describe('errors', () => {
  test.each([
    ['/trpc/refused', {}, 404, 'chat_not_found'],
    ['/trpc/limited', {}, 429, 'rate_limited'],
    ['/trpc/bug', {}, 500, 'internal'],
    ['/trpc/wrongOutput', {}, 500, 'internal'],
    ['/trpc/away', {}, 503, 'database_unavailable'],
    ['/trpc/nothing', {}, 404, 'route_not_found'],
    ['/trpc', {}, 404, 'route_not_found'],
    ['/trpc/ping', {}, 405, 'method_not_allowed'],
    ['/trpc/when', {}, 400, 'invalid_input'],
    ['/trpc/when?input=%7B', {}, 400, 'invalid_json'],
    ['/trpc/%ff', {}, 400, 'invalid_input'],
    ['/trpc/when?input=%7B%22json%22%3A%7B%22at%22%3A%22%e4%22%7D%7D', {}, 400, 'invalid_json'],
    ['/trpc/when,ping?batch=1&input=%e4', {}, 400, 'invalid_json'],
    ['/trpc/echo', posted(Buffer.from([...Buffer.from('{"json":"'), 0xe4, 0x22, 0x7d])), 400, 'invalid_json'],
    [
      '/trpc/echo',
      { ...posted('{"json":"a"}'), headers: { 'content-type': 'application/json;charset=ISO-8859-1' } },
      415,
      'unsupported_media_type',
    ],
    [
      '/trpc/ping',
      { method: 'POST', body: 'a=1', headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    ['/trpc/ping', { method: 'POST', body: new FormData() }, 415, 'unsupported_media_type'],
    [`/trpc/${Array.from({ length: 21 }, () => 'refused').join(',')}?batch=1`, {}, 400, 'batch_too_large'],
    [`/trpc/${Array.from({ length: 21 }, () => 'refused').join('%2C')}?batch=1`, {}, 400, 'batch_too_large'],
  ])('%s %o', async (path, init, status, reason) => {
    const response = await mounted().app.request(path, init);
    expect(response.status).toBe(status);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const { data } = await errorIn(response);
    expect(data).toMatchObject({ reason, httpStatus: status, requestId: response.headers.get('x-request-id') });
    expect(data).not.toHaveProperty('stack');
  });

  test('an internal error has its details only in the log', async () => {
    const { app, lines } = mounted();
    const response = await app.request('/trpc/bug');
    expect(await response.text()).not.toContain('secret of ours');
    const requestId = response.headers.get('x-request-id');
    const err = expect.objectContaining({ type: 'TypeError', message: 'a secret of ours' });
    expect(lines).toContainEqual(expect.objectContaining({ level: 50, requestId, path: 'bug', err }));
  });

  test('a refusal is not logged as an error', async () => {
    const { app, lines } = mounted();
    await app.request('/trpc/refused');
    expect(lines.filter(({ level }) => Number(level) > 20)).toEqual([]);
  });

  test('the issues of an input are returned', async () => {
    const { data } = await errorIn(
      await mounted().app.request(`/trpc/when?input=${encodeURIComponent('{"json":{"at":1}}')}`),
    );
    expect(data.issues).toEqual([{ path: ['at'], code: 'invalid_type', message: expect.any(String) }]);
  });

  test('each call of a batch has its own error, and the header has the longest wait', async () => {
    const response = await mounted().app.request('/trpc/refused,limited,bug?batch=1&input=%7B%7D');
    expect(response.status).toBe(207);
    expect(response.headers.get('retry-after')).toBe('2');
    const responses = (await response.json()) as { error: { json: { data: ErrorData } } }[];
    expect(responses.map(({ error }) => error.json.data.reason)).toEqual([
      'chat_not_found',
      'rate_limited',
      'internal',
    ]);
  });

  test('a context that cannot be made is an error like any other', async () => {
    const { app } = mounted(() => {
      throw new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: new Unreachable() });
    });
    const response = await app.request('/trpc/refused');
    expect(response.status).toBe(503);
    expect((await errorIn(response)).data.requestId).toBe(response.headers.get('x-request-id'));
  });

  test('in a stream, too', async () => {
    const body = await (await mounted().app.request('/trpc/events')).text();
    expect(body).toContain('event: serialized-error');
    expect(body).toContain('"reason":"database_unavailable"');
    expect(body).toContain('"code":-32603');
  });
});

describe('a POST without a body', () => {
  test.each([
    ['announcing none', 'content-length: 0\r\n'],
    ['announcing nothing', ''],
    ['as a form', 'content-type: application/x-www-form-urlencoded\r\ncontent-length: 0\r\n'],
  ])('needs no content type: %s', async (_, headers) => {
    const { app, config } = mounted();
    await using service = await listening(app, config);
    const { connect } = await import('node:net');
    const { text } = await import('node:stream/consumers');
    const socket = connect(service.port, '127.0.0.1');
    socket.write(`POST /trpc/ping HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers}\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 [^]*pong/);
  });

  test('over fetch, with and without', async () => {
    const { app, config } = mounted();
    await using service = await listening(app, config);
    for (const init of [{}, { headers: json }, { headers: json, body: '{"json":null}' }]) {
      const response = await fetch(`${service.url}/trpc/ping`, { method: 'POST', ...init });
      expect(await response.json()).toEqual({ result: { data: { json: 'pong' } } });
    }
    const chunked = new ReadableStream({
      start: (c) => (c.enqueue(new TextEncoder().encode('{"json":null}')), c.close()),
    });
    const init = { method: 'POST', headers: json, body: chunked, duplex: 'half' } as RequestInit;
    expect((await fetch(`${service.url}/trpc/ping`, init)).status).toBe(200);
  });
});
