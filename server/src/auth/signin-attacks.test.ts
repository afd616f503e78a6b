import { expect, test } from 'vitest';
import { createDeviceTokens } from '../identity/device-token.ts';
import { type Person, rawCall, refusal, signedIn, type TestServer, testServer } from '../testing/index.ts';

const behindProxy = { FECHATTER_SERVER_TRUSTED_PROXIES: '127.0.0.1' };
const from = (address: string) => ({ 'x-forwarded-for': address });
const HOME = '198.51.100.7';

interface Attempt {
  readonly email: string;
  readonly password: string;
  readonly deviceToken?: string;
}
const signin = async (app: TestServer, attempt: Attempt, address: string) =>
  (await rawCall(app.url, 'auth.signin', attempt, from(address))).status;
const guess = (app: TestServer, { email }: Person, address: string, deviceToken?: string) =>
  signin(app, { email, password: 'a wrong one', ...(deviceToken !== undefined && { deviceToken }) }, address);

const typed = ({ email, password }: Person): Attempt => ({ email, password });

const attacksIn = async (app: TestServer, { id }: Person) => {
  await app.deps.attacks.settled();
  return app.database.query(`select from audit_log where action = 'account.attacked' and scope_id = $1`, [id]);
};

test('100 wrong passwords from ten /64s do not stop the owner, on a known device or a new one', async () => {
  await using app = await testServer(behindProxy);
  const alice = await app.signUp('alice');
  const { email, password, session } = alice;
  const statuses: number[] = [];
  for (let n = 0; n < 100; n++) statuses.push(await guess(app, alice, `2001:db8:0:${n % 10}00::1`));
  expect(new Set(statuses)).toEqual(new Set([401]));
  // Neither the same network nor another part of it can continue guessing; and the owner is notified once.
  expect(await guess(app, alice, '2001:db8:0:ff::1')).toBe(429);
  expect(await signin(app, { email, password }, '2001:db8:0:ffff::1')).toBe(429);
  expect(await attacksIn(app, alice)).toHaveLength(1);

  const { deviceToken } = session;
  expect(await signin(app, { email, password, deviceToken }, HOME)).toBe(200);
  expect(await signin(app, { email, password, deviceToken }, '2001:db8:0:1::1')).toBe(200);
  expect(await signin(app, { email, password }, HOME)).toBe(200);
  const inTheirNetwork = app.client({ authorization: `Bearer ${session.token}`, ...from('2001:db8:0:1::2') });
  await inTheirNetwork.auth.changePassword.mutate({ currentPassword: password, newPassword: 'a better password' });
  expect(await signin(app, { email, password: 'a better password', deviceToken }, '2001:db8:0:1::1')).toBe(200);
});

test('wrong passwords from many networks stop new devices, and no known one', async () => {
  await using app = await testServer(behindProxy);
  const alice = await app.signUp('alice');
  const { email, password, session } = alice;
  await guess(app, alice, '203.0.113.1');
  await app.database.query(`update rate_limits set points = 1000 where key like 'wrongPasswordByAccount:%'`);
  expect(await signin(app, { email, password }, HOME)).toBe(429);
  expect(await signin(app, { email, password, deviceToken: session.deviceToken }, HOME)).toBe(200);
  expect(await attacksIn(app, alice)).toHaveLength(1);
  const bob = await app.signUp('bob');
  expect(await signin(app, typed(bob), HOME)).toBe(200);
});

test('sign-ins from 66 /64s of one /48 at once leave everyone else a place in the queue', async () => {
  await using app = await testServer(behindProxy);
  const [alice, bob] = [await app.signUp('alice'), await app.signUp('bob')];
  const flood = Array.from({ length: 198 }, (_, n) => {
    const email = `nobody-${n}@example.com`;
    return signin(app, { email, password: 'x' }, `2001:db8:0:${(n % 66).toString(16)}::1`);
  });
  const honest = [
    signin(app, typed(alice), HOME),
    signin(app, { ...typed(bob), deviceToken: bob.session.deviceToken }, '2001:db8:0:1::9'),
    signin(app, typed(bob), '2001:db8:1::1'),
    rawCall(
      app.url,
      'auth.signup',
      { email: 'c@example.com', password: 'correct horse', fullName: 'c' },
      from('203.0.113.9'),
    ).then(({ status }) => status),
  ];
  expect(await Promise.all(honest)).toEqual([200, 200, 200, 200]);
  const statuses = await Promise.all(flood);
  expect(statuses).toContain(429);
});

test('a device token only selects a queue lane: it signs no one in, and is bound to its account', async () => {
  await using app = await testServer(behindProxy);
  const [alice, bob] = [await app.signUp('alice'), await app.signUp('bob')];
  const { deviceToken } = alice.session;
  // It is not accepted as an access token or for another account, and is limited to ten tries a minute like any other.
  expect(await refusal(signedIn(app.url, { token: deviceToken }).user.me.query())).toMatchObject({
    code: 'UNAUTHORIZED',
  });
  expect(await refusal(app.anonymous.auth.refresh.mutate({ refreshToken: deviceToken }))).toMatchObject({
    reason: 'refresh_invalid',
  });
  for (let n = 0; n < 10; n++) expect(await guess(app, alice, HOME, deviceToken)).toBe(401);
  expect(await guess(app, alice, HOME, deviceToken)).toBe(429);
  expect(await guess(app, alice, '203.0.113.200', deviceToken)).toBe(429);
  for (let n = 0; n < 10; n++) expect(await guess(app, bob, HOME, deviceToken)).toBe(401);
  expect(await guess(app, bob, HOME, deviceToken)).toBe(429);
  // A thief of the token blocks neither the account's other devices nor new ones.
  expect(await signin(app, typed(alice), HOME)).toBe(200);
  expect(await signin(app, { ...typed(bob), deviceToken: bob.session.deviceToken }, HOME)).toBe(200);
});

test('a device guesses 100 wrong passwords an hour', async () => {
  await using app = await testServer({ ...behindProxy, FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '1000' });
  const alice = await app.signUp('alice');
  const { deviceToken } = alice.session;
  expect(await guess(app, alice, HOME, deviceToken)).toBe(401);
  await app.database.query(`update rate_limits set points = 100 where key like 'wrongPasswordByDevice:%'`);
  expect(await signin(app, { ...typed(alice), deviceToken }, '203.0.113.1')).toBe(429);
  expect(await attacksIn(app, alice)).toHaveLength(1);
  expect(await signin(app, typed(alice), HOME)).toBe(200);
});

test('devices that a thief made known before a password change count as unknown ones', async () => {
  await using app = await testServer({ ...behindProxy, FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '1000' });
  const alice = await app.signUp('alice');
  const made = async () => (await app.anonymous.auth.signin.mutate(typed(alice))).deviceToken;
  const devices = [await made(), await made(), await made(), await made()];
  expect(await guess(app, alice, HOME, devices[0])).toBe(401);
  await app.database.query(`update rate_limits set points = 300 where key like 'wrongPasswordByDevices:%'`);
  for (let n = 0; n < 30; n++) expect(await guess(app, alice, HOME, devices[n % 4])).toBe(401);
  expect(await guess(app, alice, HOME, devices[1])).toBe(429);
  // The owner is at another address, like a stranger, but with a known device.
  const device = app.deps.deviceTokens.decode(alice.session.deviceToken);
  const back = await app
    .client(from('203.0.113.9'))
    .auth.signin.mutate({ ...typed(alice), deviceToken: alice.session.deviceToken });
  expect(app.deps.deviceTokens.decode(back.deviceToken)?.deviceId).toBe(device?.deviceId);
});

test('a device is recognised over sign-ins and refreshes for a year; forged, old and revoked tokens count as none', async () => {
  await using app = await testServer(behindProxy);
  const { email, password, session, trpc, id } = await app.signUp('alice');
  const device = app.deps.deviceTokens.decode(session.deviceToken) ?? expect.fail();
  const deviceAfter = async (deviceToken: string | undefined) => {
    const next = await app.anonymous.auth.signin.mutate({
      email,
      password,
      ...(deviceToken !== undefined && { deviceToken }),
    });
    return app.deps.deviceTokens.decode(next.deviceToken)?.deviceId;
  };
  const refreshed = await app.anonymous.auth.refresh.mutate({ refreshToken: session.refreshToken });
  expect(app.deps.deviceTokens.decode(refreshed.deviceToken)).toMatchObject({ userId: id, deviceId: device.deviceId });
  await trpc.auth.signout.mutate();
  expect(await deviceAfter(refreshed.deviceToken)).toBe(device.deviceId);
  const day = 86_400;
  const aged = (days: number) =>
    app.deps.deviceTokens.encode({ ...device, issuedAtSeconds: device.issuedAtSeconds - days * day });
  expect(await deviceAfter(aged(364))).toBe(device.deviceId);
  const forged = createDeviceTokens('some other secret, as long as it must be').encode(device);
  for (const bad of [undefined, aged(366), forged, 'made-up', session.token])
    expect(await deviceAfter(bad)).not.toBe(device.deviceId);
  await app.database.query('update users set device_epoch = device_epoch + 1');
  expect(await deviceAfter(session.deviceToken)).not.toBe(device.deviceId);
});

test('requesting mails to another person’s address neither stops theirs nor floods them', async () => {
  await using app = await testServer({ ...behindProxy, FECHATTER_MAIL_VIA: 'files' });
  const ask = async (address: string) =>
    (await rawCall(app.url, 'auth.requestPasswordReset', { email: 'alice@example.com' }, from(address))).status;
  const waiting = async () => (await app.database.query('select from mail_jobs')).length;
  for (let n = 0; n < 8; n++) expect(await ask(`2001:db8::${n}`)).toBe(200);
  expect(await waiting()).toBe(5);
  expect(await ask(HOME)).toBe(200);
  expect(await waiting()).toBe(6);
  // A /48 or a /24 alone does not suffice either: the total count includes the owner.
  for (let n = 1; n < 9; n++) expect(await ask(`2001:db8:0:${n}::1`)).toBe(200);
  for (let n = 0; n < 20; n++) expect(await ask(`203.0.113.${n}`)).toBe(200);
  expect(await waiting()).toBe(21);
  for (let n = 0; n < 20; n++) expect(await ask(`203.0.${n}.7`)).toBe(200);
  expect(await waiting()).toBe(30);
});

test('guessing the password in a stolen session does not affect other sessions', async () => {
  await using app = await testServer();
  const { email, password, trpc, session } = await app.signUp('alice');
  const other = signedIn(
    app.url,
    await app.anonymous.auth.signin.mutate({ email, password, deviceToken: session.deviceToken }),
  );
  const change = (client: typeof trpc, currentPassword: string) =>
    client.auth.changePassword.mutate({ currentPassword, newPassword: 'another password' });
  for (let n = 0; n < 10; n++)
    expect(await refusal(change(trpc, 'a guess'))).toMatchObject({ reason: 'wrong_password' });
  expect(await refusal(change(trpc, password))).toMatchObject({ reason: 'rate_limited' });
  await change(other, password);
  expect(await refusal(trpc.user.me.query())).toMatchObject({ reason: 'session_revoked' });
});
