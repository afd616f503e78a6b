import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { listening, testShell } from '../testing/index.ts';

const origin = 'https://app.example';

test('a request keeps a valid request id, and gets a new one otherwise', async () => {
  const { app } = testShell();
  const idOf = async (id: string) =>
    (await app.request('/hello', { headers: { 'x-request-id': id } })).headers.get('x-request-id');
  expect(await idOf('abc-12345')).toBe('abc-12345');
  for (const insane of ['short', 'with space 123', 'ü'.repeat(10), 'x'.repeat(65), '"><script>'])
    expect(await idOf(insane)).toMatch(/^[0-9a-f-]{36}$/);
});

describe('errors over plain HTTP', () => {
  test.each([
    ['/nowhere', {}, 404, 'route_not_found'],
    ['/hello', { method: 'DELETE' }, 405, 'method_not_allowed'],
    ['/refuse', {}, 429, 'rate_limited'],
    ['/bug', {}, 500, 'internal'],
  ])('%s %o', async (path, init, status, reason) => {
    const response = await testShell().app.request(path, init);
    expect(response.status).toBe(status);
    const request_id = response.headers.get('x-request-id');
    expect(await response.json()).toMatchObject({ error: { reason, request_id } });
  });

  test('a wrong method gets the allowed ones, a limited caller the time to retry', async () => {
    const { app } = testShell();
    expect((await app.request('/hello', { method: 'PUT' })).headers.get('allow')).toBe('GET, HEAD');
    expect((await app.request('/refuse')).headers.get('retry-after')).toBe('5');
  });

  test('an internal error has its details only in the log', async () => {
    const { app, lines } = testShell();
    const response = await app.request('/bug');
    expect(await response.text()).not.toContain('secret of ours');
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 50,
        requestId: response.headers.get('x-request-id'),
        err: expect.objectContaining({ message: 'a secret of ours' }),
      }),
    );
  });
});

test('a response that was written outside the app is not changed', async () => {
  const { app, config } = testShell();
  app.get('/raw', (c) => {
    c.env.outgoing?.writeHead(200, { connection: 'close' }).end('raw');
    return RESPONSE_ALREADY_SENT;
  });
  await using service = await listening(app, config);
  expect(await (await fetch(`${service.url}/raw`)).text()).toBe('raw');
  expect(RESPONSE_ALREADY_SENT.headers.has('x-request-id')).toBe(false);
});

test('a catch-all page hides no refusal of tRPC or of the API', async () => {
  const { app } = testShell();
  app.all('/trpc/*', (c) => c.json('none', 404));
  app.get('*', (c) => c.html('page'));
  expect((await app.request('/trpc/x', { method: 'POST' })).status).toBe(404);
  expect((await app.request('/anything')).status).toBe(200);
});

test('a log line about a request has its path and neither query nor token', async () => {
  const { app, lines } = testShell();
  await app.request('/hello?ticket=hunter2', { headers: { authorization: 'Bearer hunter2' } });
  expect(lines).toMatchObject([{ method: 'GET', path: '/hello', status: 200, msg: 'answered' }]);
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});

describe('other origins', () => {
  const preflight = { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } };

  test('a listed origin may call, and read the response headers', async () => {
    const { app } = testShell();
    const asked = await app.request('/echo', preflight);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(origin);
    expect(asked.headers.get('access-control-allow-headers')).toMatch(/authorization.*last-event-id.*trpc-accept/);
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
    const response = await app.request('/bug', { headers: { origin } });
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-expose-headers')).toMatch(/RateLimit-Remaining.*Retry-After/);
    expect(response.headers.get('vary')).toContain('Origin');
  });

  test('an unlisted origin may not, and with * every one may', async () => {
    const headers = { ...preflight.headers, origin: 'https://evil.example' };
    const closed = await testShell().app.request('/echo', { ...preflight, headers });
    expect(closed.headers.get('access-control-allow-origin')).toBeNull();
    const { app } = testShell({ env: { FECHATTER_SERVER_CORS_ORIGINS: '*' } });
    expect((await app.request('/hello', { headers })).headers.get('access-control-allow-origin')).toBe('*');
  });
});

test('responses have safe headers by default, and a page may set its own', async () => {
  const { app } = testShell({ env: { FECHATTER_SERVER_PUBLIC_URL: 'https://chat.example' } });
  app.get('/docs', (c) => c.html('<p>', 200, { 'content-security-policy': "default-src 'self'" }));
  const { headers } = await app.request('/hello');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
  expect((await app.request('/docs')).headers.get('content-security-policy')).toBe("default-src 'self'");
});

test('a malformed request gets an error of the usual form', async () => {
  const { app, config } = testShell();
  await using service = await listening(app, config);
  const socket = connect(service.port, '127.0.0.1');
  socket.write('GET /hello HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1.1 400 [^]*"reason":"invalid_input"/);
});
