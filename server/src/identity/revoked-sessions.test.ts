import { tcpProxy } from '@fechatter/testing/tcp-proxy';
import { expect, test } from 'vitest';
import { refusal, signedIn, testServer } from '../testing/index.ts';
import { suspendUser } from '../user/suspend-user.ts';

const reasonAt = async (url: string, token: string) =>
  (await refusal(signedIn(url, { token }).user.me.query()).catch(() => undefined))?.reason;
const soon = { interval: 25 };

test('a session that ends on one server is refused by the others soon, and at once by one that starts later', async () => {
  await using app = await testServer();
  const [alice, bob, carol] = [await app.signUp('alice'), await app.signUp('bob'), await app.signUp('carol')];
  const other = await app.another();
  for (const { session } of [alice, bob, carol]) expect(await reasonAt(other.url, session.token)).toBe(undefined);
  await alice.trpc.auth.signout.mutate();
  await suspendUser(app.deps, bob.id);
  for (const { session } of [alice, bob]) {
    await expect.poll(() => reasonAt(other.url, session.token), soon).toBe('session_revoked');
    expect(await reasonAt((await app.another()).url, session.token)).toBe('session_revoked');
  }
  expect(await reasonAt(other.url, carol.session.token)).toBe(undefined);
});

test('a revocation by a transaction that outlasts several reads is not missed', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  const other = await app.another();
  const client = await app.db.pool.connect();
  await client.query('begin');
  await client.query('update sessions set revoked_at = now()');
  await client.query(
    `insert into event_log (user_id, code, takes_away, subject_id) select user_id, 34, true, id from sessions`,
  );
  // Two later revocations are seen by the other server before this one commits.
  for (const name of ['bob', 'carol']) {
    const person = await app.signUp(name);
    await person.trpc.auth.signout.mutate();
    await expect.poll(() => reasonAt(other.url, person.session.token), soon).toBe('session_revoked');
  }
  expect(await reasonAt(other.url, alice.session.token)).toBe(undefined);
  await client.query('commit');
  client.release();
  await expect.poll(() => reasonAt(other.url, alice.session.token), soon).toBe('session_revoked');
});

test('a server with an outdated cache queries the database; one that cannot is unavailable, and recovers without a restart', async () => {
  await using app = await testServer();
  await using proxy = await tcpProxy(app.database.url);
  const cutOff = await app.another({ FECHATTER_DATABASE_URL: proxy.url });
  const [alice, bob] = [await app.signUp('alice'), await app.signUp('bob')];
  expect(await reasonAt(cutOff.url, alice.session.token)).toBe(undefined);

  proxy.silence();
  await alice.trpc.auth.signout.mutate();
  await expect.poll(() => cutOff.deps.revoked.isFresh, { interval: 25 }).toBe(false);
  const asked = [alice, bob].map(({ session }) => reasonAt(cutOff.url, session.token));
  const ready = await fetch(`${cutOff.url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([503, { status: 'not_ready' }]);
  expect(await Promise.all(asked)).toEqual(['database_unavailable', 'database_unavailable']);

  proxy.restore();
  await expect.poll(() => reasonAt(cutOff.url, bob.session.token), { interval: 25 }).toBe(undefined);
  expect(await reasonAt(cutOff.url, alice.session.token)).toBe('session_revoked');
});

test('without its database a server returns SERVICE_UNAVAILABLE, and recovers without a restart', async () => {
  await using app = await testServer();
  await using proxy = await tcpProxy(app.database.url);
  const server = await app.another({ FECHATTER_DATABASE_URL: proxy.url });
  const alice = await app.signUp('alice');
  const { email, password, session } = alice;
  proxy.cut();
  const calls = [
    signedIn(server.url, session).user.me.query(),
    server.anonymous.auth.signin.mutate({ email, password }),
    server.anonymous.auth.refresh.mutate({ refreshToken: session.refreshToken }),
  ];
  for (const refused of await Promise.all(calls.map((call) => refusal(call))))
    expect(refused).toMatchObject({ code: 'SERVICE_UNAVAILABLE', reason: 'database_unavailable', retryAfterMs: 1_000 });
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);

  proxy.restore();
  await expect.poll(() => reasonAt(server.url, session.token), { interval: 25 }).toBe(undefined);
  await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status).toBe(200);
});
