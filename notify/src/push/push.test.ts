import { limits } from '@fechatter/contract';
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client';
import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import superjson from 'superjson';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NotifyRouter } from '../router.ts';
import { type Person, testWorld } from '../testing/world.ts';

const world = await testWorld();
const notify = await world.notify({}, { FECHATTER_LIMITS_WRITES_PER_MINUTE: '200' });
afterAll(async () => {
  await notify.close();
  await world[Symbol.asyncDispose]();
});
beforeAll(() => world.database.query(`insert into push_kinds (kind, public_key) values ('WebPush', 'the key')`));

const clientOf = ({ token }: Person) =>
  createTRPCClient<NotifyRouter>({
    links: [
      httpBatchLink({
        url: `${notify.url}/trpc`,
        transformer: superjson,
        headers: { authorization: `Bearer ${token}` },
      }),
    ],
  }).push;
const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: unknown) => (error instanceof TRPCClientError ? (error.data as { reason?: string }).reason : error),
  );
/** What a browser gives. */
function device(endpoint = `https://push.example.com/send/${randomUUID()}`) {
  const keys = {
    p256dh: createECDH('prime256v1').generateKeys().toString('base64url'),
    auth: randomBytes(16).toString('base64url'),
  };
  return { kind: 'WebPush', endpoint, keys } as const;
}
const stored = () =>
  world.database.query<{ id: string; user_id: string; sealed: Buffer }>('select * from push_subscriptions');

test('a device subscribes, is listed, and again changes nothing; its address is sealed', async () => {
  const ada = await world.person('ada');
  const push = clientOf(ada);
  expect(await push.key.query()).toEqual({ publicKey: 'the key' });
  const phone = device();
  const { id } = await push.subscribe.mutate(phone);
  expect(await push.subscribe.mutate(phone)).toEqual({ id });
  const other: Person = { ...ada, ...(await world.session(ada.id)) };
  expect(await push.subscriptions.query()).toMatchObject({
    subscriptions: [{ id, kind: 'WebPush', sessionId: ada.sessionId, current: true, failure: null }],
  });
  expect(await clientOf(other).subscriptions.query()).toMatchObject({ subscriptions: [{ id, current: false }] });
  const rows = JSON.stringify((await stored()).map((row) => ({ ...row, sealed: row.sealed.toString('latin1') })));
  for (const secret of [phone.endpoint.slice(-36), phone.keys.auth, phone.keys.p256dh])
    expect(rows).not.toContain(secret);

  await push.test.mutate({ subscriptionId: id });
  await push.test.mutate({ subscriptionId: id });
  expect(await world.database.query('select subscription_id, chat_id, host from push_pending')).toEqual([
    { subscription_id: id, chat_id: null, host: 'push.example.com' },
  ]);
  await clientOf(other).unsubscribe.mutate({ subscriptionId: id });
  expect(await reasonOf(push.unsubscribe.mutate({ subscriptionId: id }))).toBe('subscription_not_found');
  expect(await push.subscriptions.query()).toEqual({ subscriptions: [] });
});

test('an endpoint moves to the person who registers it again, however it is written', async () => {
  const [eve, bob] = [await world.person('eve'), await world.person('bob')];
  const shared = device('https://push.example.com/send/shared');
  const { id } = await clientOf(eve).subscribe.mutate(shared);
  const moved = await clientOf(bob).subscribe.mutate({
    ...shared,
    endpoint: 'HTTPS://PUSH.example.com:443/x/../send/shared',
  });
  expect(moved.id).not.toBe(id);
  expect(await clientOf(eve).subscriptions.query()).toEqual({ subscriptions: [] });
  for (const call of ['unsubscribe', 'test'] as const) {
    expect(await reasonOf(clientOf(eve)[call].mutate({ subscriptionId: moved.id }))).toBe('subscription_not_found');
    expect(await reasonOf(clientOf(eve)[call].mutate({ subscriptionId: id }))).toBe('subscription_not_found');
  }
  expect(await clientOf(bob).subscriptions.query()).toMatchObject({ subscriptions: [{ id: moved.id }] });
});

test('an ended session can do nothing, and its subscriptions are not listed', async () => {
  const ada = await world.person('ada');
  const gone: Person = { ...ada, ...(await world.session(ada.id)) };
  const { id } = await clientOf(gone).subscribe.mutate(device());
  await world.revoke(gone);
  const push = clientOf(gone);
  for (const call of [
    push.key.query(),
    push.subscriptions.query(),
    push.subscribe.mutate(device()),
    push.unsubscribe.mutate({ subscriptionId: id }),
    push.test.mutate({ subscriptionId: id }),
  ])
    expect(await reasonOf(call)).toBe('session_revoked');
  expect(await clientOf(ada).subscriptions.query()).toEqual({ subscriptions: [] });
  await clientOf(ada).subscribe.mutate(device());
  expect((await stored()).filter(({ user_id }) => user_id === ada.id)).toHaveLength(1);
});

test('a person has a quota, also with calls at once', async () => {
  const max = await world.person('max');
  const calls = Array.from({ length: limits.pushSubscriptionsMax + 10 }, () =>
    reasonOf(clientOf(max).subscribe.mutate(device())),
  );
  const outcomes = await Promise.all(calls);
  expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(limits.pushSubscriptionsMax);
  expect(new Set(outcomes)).toEqual(new Set(['done', 'quota_exceeded']));
});

test.each([
  { endpoint: 'http://push.example.com/x' },
  { endpoint: 'https://user:password@push.example.com/x' },
  { endpoint: 'javascript:alert(1)' },
  { endpoint: `https://push.example.com/${'x'.repeat(limits.urlMaxChars)}` },
  { keys: { ...device().keys, auth: 'short' } },
  { keys: { ...device().keys, p256dh: 'short' } },
  // A point that is not on the curve.
  { keys: { ...device().keys, p256dh: `B${'A'.repeat(86)}` } },
])('%j is no subscription', async (part) => {
  const ada = await world.person('ada');
  expect(await reasonOf(clientOf(ada).subscribe.mutate({ ...device(), ...part }))).toBe('invalid_input');
});

const aToken = (letter: string) => letter.repeat(64);
const iphone = (token: string, more: object = {}) =>
  ({ kind: 'Apns', token, topic: 'com.example.chat', environment: 'production', ...more }) as const;

test('devices of Firebase and Apple subscribe where a worker sends to them, however their token is written', async () => {
  const [ada, bob] = [await world.person('ada'), await world.person('bob')];
  const push = clientOf(ada);
  const android = { kind: 'Fcm', token: `fcm-${randomUUID()}:APA91` } as const;
  for (const phone of [android, iphone(aToken('a'))])
    expect(await reasonOf(push.subscribe.mutate(phone))).toBe('push_off');
  await world.database.query(`insert into push_kinds (kind) values ('Fcm'), ('Apns')`);
  const { id: androidId } = await push.subscribe.mutate(android);
  const { id } = await push.subscribe.mutate(iphone(aToken('a')));
  expect(await push.subscribe.mutate(iphone(aToken('A'), { environment: 'development' }))).toEqual({ id });
  expect(await push.subscriptions.query()).toMatchObject({
    subscriptions: [
      { id: androidId, kind: 'Fcm', failure: null },
      { id, kind: 'Apns' },
    ],
  });
  const rows = await world.database.query('select host, sealed from push_subscriptions where user_id = $1', [ada.id]);
  expect(rows.map(({ host }) => String(host)).toSorted()).toEqual(['Apns development', 'Fcm']);
  expect(rows.map(({ sealed }) => (sealed as Buffer).toString('latin1')).join()).not.toContain(android.token);
  await push.test.mutate({ subscriptionId: androidId });
  const moved = await clientOf(bob).subscribe.mutate(android);
  expect(moved.id).not.toBe(androidId);
  expect(await push.subscriptions.query()).toMatchObject({ subscriptions: [{ id }] });
  await world.database.query(`delete from push_kinds where kind <> 'WebPush'`);
  expect(await reasonOf(push.test.mutate({ subscriptionId: id }))).toBe('push_off');
});

test.each([
  { kind: 'Fcm', token: 'short' },
  { kind: 'Fcm', token: `${'x'.repeat(20)} ${'x'.repeat(20)}` },
  { kind: 'Fcm', token: 'x'.repeat(5_000) },
  iphone('not hexadecimal'),
  iphone(`${aToken('a')}a`),
  iphone(aToken('a'), { topic: 'a topic\r\nx: y' }),
  iphone(aToken('a'), { environment: 'sandbox' }),
  { kind: 'Unknown', token: aToken('a') },
])('%j is no device', async (phone) => {
  const ada = await world.person('ada');
  expect(await reasonOf(clientOf(ada).subscribe.mutate(phone as never))).toBe('invalid_input');
});

test('over REST with its names and statuses', async () => {
  const ada = await world.person('ada');
  const call = (method: string, path: string, body?: object) =>
    fetch(`${notify.url}/api/push/${path}`, {
      method,
      headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  const made = await call('POST', 'subscriptions', device());
  expect(made.status).toBe(201);
  const { id } = (await made.json()) as { id: string };
  expect(await (await call('GET', 'key')).json()).toEqual({ public_key: 'the key' });
  expect(await (await call('GET', 'subscriptions')).json()).toMatchObject({
    subscriptions: [{ id, session_id: ada.sessionId }],
  });
  const tested = await call('POST', `subscriptions/${id}/test`);
  expect([tested.status, await tested.text()]).toEqual([202, '']);
  expect((await call('DELETE', `subscriptions/${id}`)).status).toBe(204);
  await world.database.query(`insert into push_kinds (kind) values ('Apns')`);
  const apple = await call('POST', 'subscriptions', iphone(aToken('b')));
  expect(apple.status).toBe(201);
  await world.database.query(`delete from push_kinds where kind = 'Apns'`);
});

test('without a key pushes are off', async () => {
  const ada = await world.person('ada');
  await world.database.query('delete from push_kinds');
  expect(await reasonOf(clientOf(ada).key.query())).toBe('push_off');
  expect(await reasonOf(clientOf(ada).subscribe.mutate(device()))).toBe('push_off');
  await world.database.query(`insert into push_kinds (kind, public_key) values ('WebPush', 'the key')`);
});
