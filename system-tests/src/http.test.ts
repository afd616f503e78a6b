import { rawExchange } from './raw-exchange.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { overTrpc } from './two-wires.ts';
import { PASSWORD, world, type World } from './world.ts';

// The headers and limits of every response of both services.

const APP = 'https://app.example.com';
let scene: World;
let token: string;
beforeAll(async () => {
  scene = await world({
    FECHATTER_SERVER_CORS_ORIGINS: APP,
    FECHATTER_SERVER_PUBLIC_URL: 'https://chat.example.com',
    FECHATTER_NOTIFY_PUBLIC_URL: 'https://live.example.com',
    FECHATTER_SERVER_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8',
  });
  const alice = await scene.signUp('alice');
  token = alice.client.session?.token ?? '';
});
afterAll(() => scene[Symbol.asyncDispose]());

const services = ['serverUrl', 'notifyUrl'] as const;
const paths = ['/healthz', '/openapi.json', '/panel', '/trpc/none', '/api/none', '/none', '/api/notifications/events'];

describe.each(services)('%s', (service) => {
  const url = () => scene[service];

  test.each(paths)('%s has the headers of every response', async (path) => {
    const { headers } = await fetch(`${url()}${path}`);
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('server')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('set-cookie')).toBeNull();
  });

  test.each(['/trpc/user.me', '/api/users/me', '/trpc/notification.events', '/api/notifications/events', '/api/none'])(
    'a browser may call %s from the pages that are allowed, and from no others',
    async (path) => {
      const preflight = (origin: string) =>
        fetch(`${url()}${path}`, {
          method: 'OPTIONS',
          headers: {
            origin,
            'access-control-request-method': 'GET',
            'access-control-request-headers': 'authorization,last-event-id',
          },
        });
      const allowed = await preflight(APP);
      expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, APP]);
      const headers = allowed.headers.get('access-control-allow-headers')?.split(', ');
      expect(headers).toEqual(
        expect.arrayContaining(['authorization', 'content-type', 'last-event-id', 'x-request-id']),
      );
      expect(allowed.headers.get('access-control-allow-methods')).toBe('GET, POST, PUT, PATCH, DELETE');
      expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
      for (const origin of ['https://evil.example.com', `${APP}.evil.com`, 'null', 'https://app.example.com:444']) {
        const refused = await preflight(origin);
        expect([origin, refused.headers.get('access-control-allow-origin')]).toEqual([origin, null]);
        expect(refused.headers.get('vary')).toContain('Origin');
      }
    },
  );

  test('a response, a refusal and a limit can be read by an allowed page', async () => {
    for (const path of ['/healthz', '/trpc/none', '/api/none', '/api/notifications/events']) {
      const { headers } = await fetch(`${url()}${path}`, { headers: { origin: APP } });
      expect([path, headers.get('access-control-allow-origin')]).toEqual([path, APP]);
      expect(headers.get('access-control-expose-headers')).toContain('Retry-After');
      expect(headers.get('access-control-expose-headers')).toContain('RateLimit-Remaining');
    }
  });

  test('a valid request id of the caller is kept, any other is replaced', async () => {
    const idFor = async (id: string) =>
      (await fetch(`${url()}/healthz`, { headers: { 'x-request-id': id } })).headers.get('x-request-id');
    expect(await idFor('trace-00000001')).toBe('trace-00000001');
    for (const id of ['short', 'a b c d e f g h', '<script>alert(1)</script>', 'x'.repeat(65)])
      expect(await idFor(id)).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('headers of more than 16 KiB are 431, a path of more is too', async () => {
    const long = 'x'.repeat(20_000);
    expect((await rawExchange(url(), `GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: ${long}`)).status).toBe(431);
    expect((await rawExchange(url(), `GET /${long} HTTP/1.1\r\nhost: x`)).status).toBe(431);
    expect((await fetch(`${url()}/healthz`)).status).toBe(200);
  });

  test.each(['/trpc/user.update', '/trpc/notification.ticket', '/api/users/me', '/api/notifications/tickets', '/none'])(
    'a body of more than 1 MiB to %s is 413, announced or in chunks',
    async (path) => {
      const method = path === '/api/users/me' ? 'PATCH' : 'POST';
      const head = `${method} ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}`;
      const announced = await rawExchange(url(), `${head}\r\ncontent-length: 1048577`);
      expect([announced.status, /body_too_large/.test(announced.body)]).toEqual([413, true]);
      const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
      const chunked = await rawExchange(url(), `${head}\r\ntransfer-encoding: chunked`, `${chunk}${chunk}0\r\n\r\n`);
      // If the body is not read, it is not found to be too large.
      expect([413, 404, 405]).toContain(chunked.status);
    },
  );

  test('two lengths, or a length and chunks, are refused by the parser: no request can be smuggled', async () => {
    for (const lines of [
      'content-length: 4\r\ncontent-length: 5',
      'content-length: 4\r\ntransfer-encoding: chunked',
      'transfer-encoding: chunked, identity',
      'transfer-encoding : chunked',
      'content-length: +4',
    ]) {
      const { status } = await rawExchange(url(), `POST /none HTTP/1.1\r\nhost: x\r\n${lines}`, '0\r\n\r\nGET /x');
      expect([lines, status]).toEqual([lines, 400]);
    }
  });
});

test.each([
  ['serverUrl', '/docs'],
  ['serverUrl', '/panel'],
] as const)('the page at %s%s runs only its own scripts', async (service, path) => {
  const response = await fetch(`${scene[service]}${path}`);
  expect(response.status).toBe(200);
  const policy = response.headers.get('content-security-policy') ?? '';
  const directives = new Map(
    policy.split(';').map((part) => {
      const [name = '', ...sources] = part.trim().split(' ');
      return [name, sources] as const;
    }),
  );
  expect(directives.get('default-src')).toEqual(["'none'"]);
  expect(directives.get('frame-ancestors')).toEqual(["'none'"]);
  expect(directives.get('base-uri')).toEqual(["'none'"]);
  expect(directives.get('form-action')).toEqual(["'none'"]);
  const scripts = directives.get('script-src') ?? [];
  expect(scripts.length).toBeGreaterThan(0);
  for (const source of scripts) expect(source).toMatch(/^'self'$|^'sha256-[A-Za-z0-9+/=]{44}'$/);
  const page = await response.text();
  expect(page).not.toMatch(/<script[^>]+src="https?:/);
  expect(page).not.toMatch(/\son\w+="/);
});

test('behind trusted proxies the caller is the right-most address that is not a proxy', async () => {
  const forwarded = [
    ['203.0.113.7', '203.0.113.7'],
    ['6.6.6.6, 203.0.113.7', '203.0.113.7'],
    ['203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['6.6.6.6, 203.0.113.7, 10.1.2.3, 127.0.0.1', '203.0.113.7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['203.0.113.7:4711', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['nonsense', '127.0.0.1'],
    ["1.1.1.1'; drop table sessions; --", '127.0.0.1'],
    ['', '127.0.0.1'],
  ] as const;
  for (const [n, [header, expected]] of forwarded.entries()) {
    const email = `forwarded-${n}@example.com`;
    await overTrpc(scene, {
      path: 'auth.signup',
      input: { email, password: PASSWORD, fullName: 'F' },
      headers: { 'x-forwarded-for': header },
    });
    const rows = await scene.database.query<{ ip: string }>(
      'select s.ip from sessions s join users u on u.id = s.user_id where u.email = $1',
      [email],
    );
    expect([header, rows]).toEqual([header, [{ ip: expected }]]);
  }
});

test('without trusted proxies the caller is the address of the socket', async () => {
  await using plain = await world();
  const input = { email: 'direct@example.com', password: PASSWORD, fullName: 'D' };
  await overTrpc(plain, { path: 'auth.signup', input, headers: { 'x-forwarded-for': '203.0.113.7' } });
  const rows = await plain.database.query(`select ip from sessions`);
  expect(rows).toEqual([{ ip: '127.0.0.1' }]);
  const own = new URL(plain.serverUrl).origin;
  expect((await fetch(`${plain.serverUrl}/healthz`, { headers: { origin: own } })).headers.get('vary')).toContain(
    'Origin',
  );
});
