import { isUnavailable } from '@fechatter/drizzle';
import { expect, test } from 'vitest';
import { rawCall, refusal, type TestServer, testServer } from '../testing/index.ts';
import { createPasswordHasher } from '../identity/password-hasher.ts';
import { createRateLimits } from './rate-limits.ts';

const behindProxy = { FECHATTER_SERVER_TRUSTED_PROXIES: '127.0.0.1' };
const from = (address: string) => ({ 'x-forwarded-for': address });
const signup = (app: TestServer, name: string, address: string) => {
  const input = { email: `${name}@example.com`, password: 'correct horse', fullName: name };
  return rawCall(app.url, 'auth.signup', input, from(address));
};
const signin = (app: TestServer, email: string, address = '127.0.0.1', password = 'wrong') =>
  rawCall(app.url, 'auth.signin', { email, password }, from(address));
const limitHeaders = ({ headers }: Response) =>
  ['limit', 'remaining', 'reset'].map((name) => Number(headers.get(`ratelimit-${name}`) ?? 'NaN'));

test('sign-ups of an address are counted over all servers, and refused with the time to wait', async () => {
  await using app = await testServer({ ...behindProxy, FECHATTER_LIMITS_SIGNUPS_PER_HOUR: '2' });
  const other = await app.another();
  const first = await signup(app, 'a', '203.0.113.1');
  expect([first.status, ...limitHeaders(first)]).toEqual([200, 2, 1, 3_600]);
  const bad = await rawCall(other.url, 'auth.signup', {}, from('203.0.113.1'));
  expect([bad.status, ...limitHeaders(bad).slice(0, 2)]).toEqual([400, 2, 1]);
  expect((await signup(other, 'b', '203.0.113.1')).status).toBe(200);
  for (const server of [app, other, app]) {
    const over = await signup(server, 'c', '203.0.113.1');
    expect([over.status, ...limitHeaders(over).slice(0, 2)]).toEqual([429, 2, 0]);
    const seconds = Number(over.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(3_500);
    expect(await over.json()).toMatchObject({
      error: { json: { data: { reason: 'rate_limited', retryAfterMs: expect.any(Number) } } },
    });
  }
  expect((await signup(app, 'c', '203.0.113.2')).status).toBe(200);
});

test('an IPv6 address counts by its /64', async () => {
  await using app = await testServer({ ...behindProxy, FECHATTER_LIMITS_SIGNUPS_PER_HOUR: '1' });
  expect((await signup(app, 'a', '2001:db8::1')).status).toBe(200);
  expect((await signup(app, 'b', '2001:db8::ffff:2')).status).toBe(429);
  expect((await signup(app, 'b', '2001:db8:0:1::1')).status).toBe(200);
});

test('sign-ins are limited for an address and account together, and for an address', async () => {
  await using app = await testServer({ ...behindProxy, FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '2' });
  const statuses = async (emails: string[], address: string) => {
    const responses: number[] = [];
    for (const email of emails) responses.push((await signin(app, email, address)).status);
    return responses;
  };
  expect(await statuses(['a@x.org', 'A@x.org', 'a@x.org', 'b@x.org'], '203.0.113.1')).toEqual([401, 401, 429, 401]);
  const emails = Array.from({ length: 17 }, (_, n) => `${n}@x.org`);
  expect((await statuses(emails, '203.0.113.1')).slice(-2)).toEqual([401, 429]);
  expect(await statuses(['a@x.org'], '203.0.113.2')).toEqual([401]);
});

test.each([
  ['Address', 30, ['203.0.113.1', '203.0.113.1'], '203.0.113.2'],
  ['Address', 30, ['2001:db8::1', '2001:db8::ffff:1'], '2001:db8:0:1::1'],
  ['Site', 50, ['2001:db8::1', '2001:db8:0:1::1'], '2001:db8:0:100::1'],
  ['Network', 100, ['2001:db8::1', '2001:db8:0:100::1'], '2001:db8:1::1'],
  ['Network', 100, ['203.0.113.1', '203.0.113.2'], '203.0.114.1'],
  ['Account', 1_000, ['203.0.113.1', '2001:db8::1'], undefined],
] as const)(
  'wrong passwords of an account by %s: %i an hour, right ones do not count (from %s)',
  async (by, max, [here, there], elsewhere) => {
    await using app = await testServer({ ...behindProxy, FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '1000' });
    const { email, password } = await app.signUp('alice');
    await signin(app, email, here);
    await app.database.query(`update rate_limits set points = $1 where key like 'wrongPasswordBy${by}:%'`, [max - 2]);
    for (const from of [there, here]) expect((await signin(app, email, from, password)).status).toBe(200);
    for (const from of [there, here]) expect((await signin(app, email, from)).status).toBe(401);
    expect((await signin(app, email, there, password)).status).toBe(429);
    expect((await signin(app, email.toUpperCase(), here)).status).toBe(429);
    if (elsewhere !== undefined) expect((await signin(app, email, elsewhere, password)).status).toBe(200);
    // A use that one of them refuses is not counted by the wider ones.
    const counted = await app.database.query<{ key: string; points: number }>('select key, points from rate_limits');
    const ofAccount = counted.find(({ key }) => key.startsWith('wrongPasswordByAccount:'))?.points;
    expect(ofAccount).toBe(by === 'Account' ? 1_002 : 3);
  },
);

test('a password that was not compared, because of a busy hasher or an error, does not count as wrong', async () => {
  await using app = await testServer({ ...behindProxy, FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '1000' });
  const { email, password, trpc } = await app.signUp('alice');
  const { passwords } = app.deps;
  const counted = async () => {
    const [row] = await app.database.query<{ points: number }>(
      "select coalesce(sum(points), 0)::int as points from rate_limits where key like 'wrongPassword%'",
    );
    return row?.points;
  };
  expect((await signin(app, email)).status).toBe(401);
  const wrongOnce = await counted();
  expect(wrongOnce).toBe(3);
  // The hasher refuses every call, or fails.
  const busy = await createPasswordHasher({ atOnceMax: 0, waitingMax: 0 });
  const failing = { ...passwords, verify: () => Promise.reject(new Error('no memory for a hash')) };
  for (const [hasher, status] of [
    [busy, 429],
    [failing, 500],
  ] as const) {
    Object.assign(app.deps, { passwords: hasher });
    expect((await signin(app, email, '203.0.113.1', password)).status).toBe(status);
    const change = { currentPassword: password, newPassword: 'another one' };
    expect(await refusal(trpc.auth.changePassword.mutate(change))).toMatchObject({ httpStatus: status });
    expect(await refusal(trpc.user.erase.mutate({ password, confirmation: 'erase' }))).toMatchObject({
      httpStatus: status,
    });
    expect(await counted()).toBe(wrongOnce);
  }
  Object.assign(app.deps, { passwords });
  expect((await signin(app, email, '203.0.113.1', password)).status).toBe(200);
  expect(await counted()).toBe(wrongOnce);
});

test('limits by address do not hold for loopback outside production; in production they do', async () => {
  const env = { ...behindProxy, FECHATTER_LIMITS_SIGNUPS_PER_HOUR: '1' };
  await using app = await testServer(env);
  const responses = [
    await signup(app, 'a', '::1'),
    await signup(app, 'b', '127.0.0.1'),
    await signup(app, 'c', '127.0.0.1'),
  ];
  for (const response of responses) expect([response.status, ...limitHeaders(response)]).toEqual([200, 1, 1, 3_600]);
  const live = await app.another({ NODE_ENV: 'production' });
  expect((await signup(live, 'd', '127.0.0.1')).status).toBe(200);
  expect((await signup(live, 'e', '127.0.0.1')).status).toBe(429);
});

test('0 switches a limit off', async () => {
  await using app = await testServer({
    ...behindProxy,
    FECHATTER_LIMITS_SIGNUPS_PER_HOUR: '0',
    FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '0',
  });
  for (const name of ['a', 'b', 'c']) {
    const response = await signup(app, name, '203.0.113.1');
    expect([response.status, response.headers.get('ratelimit-limit')]).toEqual([200, null]);
  }
  for (let n = 0; n < 12; n++) expect((await signin(app, 'a@example.com')).status).toBe(401);
});

test('a changed password is limited for its person', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  const change = () =>
    refusal(alice.trpc.auth.changePassword.mutate({ currentPassword: 'x', newPassword: 'another one' }));
  for (let n = 0; n < 10; n++) expect(await change()).toMatchObject({ reason: 'wrong_password' });
  expect(await change()).toMatchObject({ code: 'TOO_MANY_REQUESTS', reason: 'rate_limited' });
});

test('stored keys do not reveal addresses, and a missing store stops the start', async () => {
  await using app = await testServer(behindProxy);
  await signin(app, 'alice@example.com', '203.0.113.1');
  const rows = await app.database.query<{ key: string }>('select key from rate_limits order by key');
  expect(rows.map(({ key }) => key.split(':')[0])).toEqual([
    'signinByAddress',
    'signinByAddressAndAccount',
    'wrongPasswordByAccount',
    'wrongPasswordByAddress',
    'wrongPasswordByNetwork',
  ]);
  expect(JSON.stringify(rows)).not.toMatch(/alice|203\.0/);
  await app.database.query('alter table rate_limits rename to gone');
  await expect(createRateLimits(app.deps.config, app.db)).rejects.toThrow('rate_limits');
  expect(isUnavailable(await createRateLimits(app.deps.config, app.db).catch((error: unknown) => error))).toBe(false);
});
