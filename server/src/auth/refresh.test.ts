import { expect, test } from 'vitest';
import { type Person, refusal, type TestServer, testServer } from '../testing/index.ts';

const refreshed = (app: TestServer, refreshToken: string) => app.anonymous.auth.refresh.mutate({ refreshToken });
const chain = async (app: TestServer, person: Person, length: number) => {
  const tokens = [person.session.refreshToken];
  for (let n = 0; n < length; n++) tokens.push((await refreshed(app, tokens.at(-1) ?? '')).refreshToken);
  return tokens;
};
const later = (app: TestServer, seconds: number) =>
  app.database.query(
    `update sessions set rotated_at = rotated_at - make_interval(secs => $1), expires_at = expires_at - make_interval(secs => $1),
       created_at = created_at - make_interval(secs => $1)`,
    [seconds],
  );
const stored = async (app: TestServer) => (await app.database.query('select * from sessions'))[0];

test('each refresh returns new tokens for the same session, and extends it', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  await later(app, 86_400);
  const session = await refreshed(app, alice.session.refreshToken);
  expect(session).toMatchObject({ id: alice.id, email: alice.email, fullName: 'alice' });
  expect(session.refreshToken).not.toBe(alice.session.refreshToken);
  expect(await app.client({ authorization: `Bearer ${session.token}` }).user.me.query()).toMatchObject({
    id: alice.id,
  });
  const { sessions } = await alice.trpc.auth.sessions.query();
  expect(sessions).toHaveLength(1);
  expect(Number(sessions[0]?.expiresAt) - Date.now()).toBeGreaterThan(29.9 * 86_400_000);
});

test('two tabs that refresh at once get the same successor, and both continue', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  const tabs = Array.from({ length: 8 }, () => refreshed(app, alice.session.refreshToken));
  const tokens = new Set((await Promise.all(tabs)).map(({ refreshToken }) => refreshToken));
  expect(tokens.size).toBe(1);
  expect(await refreshed(app, [...tokens][0] ?? '')).toMatchObject({ id: alice.id });
});

test('a repeated refresh after a lost response gets the same successor, for 60 s', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  const lost = await refreshed(app, alice.session.refreshToken);
  await later(app, 59);
  const again = await refreshed(app, alice.session.refreshToken);
  expect(again.refreshToken).toBe(lost.refreshToken);
  await later(app, 2);
  const late = await refusal(refreshed(app, alice.session.refreshToken));
  expect(late).toMatchObject({ code: 'UNAUTHORIZED', reason: 'refresh_invalid' });
  expect(await stored(app)).toMatchObject({ revoked_at: expect.any(Date) });
});

test('a reused token ends the session before the response is sent', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  const tokens = await chain(app, alice, 3);
  expect(await refusal(refreshed(app, tokens[0] ?? ''))).toMatchObject({ reason: 'refresh_invalid' });
  expect(await stored(app)).toMatchObject({ revoked_at: expect.any(Date) });
  expect(await refusal(alice.trpc.user.me.query())).toMatchObject({ reason: 'session_revoked' });
  expect(await refusal(refreshed(app, tokens[3] ?? ''))).toMatchObject({ reason: 'refresh_invalid' });
  const { id } = (await stored(app)) ?? {};
  expect(await app.events()).toMatchObject([{ kind: 'session.revoked', userId: alice.id, subjectId: id }]);
});

test('forged tokens, of any number, change nothing', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  const tokens = await chain(app, alice, 3);
  const before = await stored(app);
  const real = app.deps.refreshTokens.decode(tokens[1] ?? '');
  if (real === undefined) throw new Error('not decoded');
  const secret = Buffer.alloc(32, 7);
  const ofNobody = { ...real, copy: null };
  const forged = [0, 1, 2, 3, 4, 2_147_483_647].map((number) =>
    app.deps.refreshTokens.encode({ ...ofNobody, number, secret }),
  );
  // The right secret with another number, another session, and texts that are not in the form of a token.
  forged.push(
    app.deps.refreshTokens.encode({ ...ofNobody, number: 0 }),
    app.deps.refreshTokens.encode({ ...ofNobody, number: 3 }),
  );
  forged.push(
    app.deps.refreshTokens.encode({ ...ofNobody, sessionId: alice.id }),
    'x',
    `${tokens[3]}A`,
    alice.session.token,
  );
  for (const token of forged) {
    const response = await refusal(refreshed(app, token));
    expect(response?.code, token).toMatch(/UNAUTHORIZED|BAD_REQUEST/);
  }
  expect(await stored(app)).toEqual(before);
  expect(await refreshed(app, tokens[3] ?? '')).toMatchObject({ id: alice.id });
});

test('a session ends 30 days after its last use, and 90 days after its first', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  const [first = '', second = ''] = await chain(app, alice, 1);
  await later(app, 30 * 86_400 + 1);
  expect(await refusal(refreshed(app, second))).toMatchObject({ reason: 'refresh_invalid' });
  expect(await refusal(refreshed(app, first))).toMatchObject({ reason: 'refresh_invalid' });

  const bob = await app.signUp('bob');
  await app.database.query(`update sessions set created_at = now() - interval '89 days' where user_id = $1`, [bob.id]);
  const { refreshToken, token } = await refreshed(app, bob.session.refreshToken);
  const { sessions } = await app.client({ authorization: `Bearer ${token}` }).auth.sessions.query();
  expect(Math.round((Number(sessions[0]?.expiresAt) - Date.now()) / 3_600_000)).toBe(24);
  await app.database.query(`update sessions set expires_at = now() - interval '1 ms' where user_id = $1`, [bob.id]);
  expect(await refusal(refreshed(app, refreshToken))).toMatchObject({ reason: 'refresh_invalid' });
});

test('a person who is signed out or suspended cannot refresh', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  await alice.trpc.auth.signout.mutate();
  expect(await refusal(refreshed(app, alice.session.refreshToken))).toMatchObject({ reason: 'refresh_invalid' });
  const bob = await app.signUp('bob');
  await app.database.query(`update users set status = 'Suspended' where id = $1`, [bob.id]);
  expect(await refusal(refreshed(app, bob.session.refreshToken))).toMatchObject({ reason: 'refresh_invalid' });
});

/** A token as in release 0.1: without a copy, and without the proof that it was issued here. */
function ofBefore(app: TestServer, token: string): string {
  const read = app.deps.refreshTokens.decode(token);
  if (read === undefined) throw new Error('not decoded');
  return app.deps.refreshTokens.encode({ ...read, copy: null });
}
const behindProxy = { FECHATTER_SERVER_TRUSTED_PROXIES: '127.0.0.1' };
const from = (app: TestServer, address: string, agent = 'a browser') => {
  const client = app.client({ 'x-forwarded-for': address, 'user-agent': agent });
  return (refreshToken: string) => client.auth.refresh.mutate({ refreshToken });
};

test('after any number of forged tokens, a reused one still ends the session', async () => {
  await using app = await testServer(behindProxy);
  const alice = await app.signUp('alice');
  const tokens = await chain(app, alice, 3);
  const old = app.deps.refreshTokens.decode(tokens[0] ?? '');
  if (old === undefined) throw new Error('not decoded');
  const secret = Buffer.alloc(32);
  const forger = from(app, '203.0.113.9');
  for (const copy of [null, Buffer.alloc(8)]) {
    const unproved = Buffer.from(app.deps.refreshTokens.encode({ ...old, secret, copy }), 'base64url');
    unproved[unproved.length - 1] = (unproved.at(-1) ?? 0) ^ 1;
    for (let n = 0; n < 31; n++) await refusal(forger(unproved.toString('base64url')));
  }
  expect(await refusal(forger(ofBefore(app, tokens[0] ?? '')))).toMatchObject({ reason: 'rate_limited' });
  expect(await stored(app)).toMatchObject({ revoked_at: null });
  // From the forger's address too: a token with a proof is not counted.
  expect(await refusal(forger(tokens[0] ?? ''))).toMatchObject({ reason: 'refresh_invalid' });
  expect(await stored(app)).toMatchObject({ revoked_at: expect.any(Date) });
});

test('tokens of the earlier format stay valid until they expire, and their reuse is still detected', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  const first = ofBefore(app, alice.session.refreshToken);
  const lost = await refreshed(app, first);
  expect((await refreshed(app, first)).refreshToken).toBe(lost.refreshToken);
  const { refreshToken } = await refreshed(app, lost.refreshToken);
  expect(await refusal(refreshed(app, first))).toMatchObject({ reason: 'refresh_invalid' });
  expect(await stored(app)).toMatchObject({ revoked_at: expect.any(Date) });
  expect(await refusal(refreshed(app, refreshToken))).toMatchObject({ reason: 'refresh_invalid' });
});

test.each(['just ahead of', 'just behind'])('a thief %s the owner is detected at the next refresh', async (place) => {
  await using app = await testServer(behindProxy);
  const alice = await app.signUp('alice');
  const [owner, thief] = [from(app, '198.51.100.7'), from(app, '203.0.113.9')];
  const token = alice.session.refreshToken;
  const [first, second] = place === 'just behind' ? [owner, thief] : [thief, owner];
  const { refreshToken: ofFirst } = await first(token);
  const { refreshToken: ofSecond } = await second(token);
  expect(ofSecond).not.toBe(ofFirst);
  expect(await stored(app)).toMatchObject({ revoked_at: null });
  // Each continues with the token that it got, one within the time of the other.
  await first(ofFirst);
  expect(await refusal(second(ofSecond))).toMatchObject({ reason: 'refresh_invalid' });
  expect(await stored(app)).toMatchObject({ revoked_at: expect.any(Date) });
});

test('reuse of a token whose successor was used is detected at once, from any caller', async () => {
  await using app = await testServer(behindProxy);
  const alice = await app.signUp('alice');
  const [owner, thief] = [from(app, '198.51.100.7'), from(app, '203.0.113.9')];
  await thief((await thief(alice.session.refreshToken)).refreshToken);
  expect(await refusal(owner(alice.session.refreshToken))).toMatchObject({ reason: 'refresh_invalid' });
  expect(await stored(app)).toMatchObject({ revoked_at: expect.any(Date) });
});

test('tabs without a shared lock, and responses lost while changing networks, are not taken for reuse', async () => {
  await using app = await testServer(behindProxy);
  const alice = await app.signUp('alice');
  const atHome = from(app, '198.51.100.7');
  let token = alice.session.refreshToken;
  for (let round = 0; round < 4; round++) {
    const tabs = await Promise.all([atHome(token), atHome(token), atHome(token)]);
    const next = new Set(tabs.map(({ refreshToken }) => refreshToken));
    expect(next.size).toBe(1);
    token = [...next][0] ?? '';
  }
  // Each response but the last is lost, and the request is repeated from another address every time.
  for (const address of ['198.51.100.7', '192.0.2.1', '2001:db8::1']) {
    await from(app, address)(token);
    await from(app, '192.0.2.200')(token);
    token = (await from(app, '192.0.2.201')(token)).refreshToken;
  }
  expect(await stored(app)).toMatchObject({ revoked_at: null });
});

test('the list of sessions has the last address of each', async () => {
  await using app = await testServer(behindProxy);
  const alice = await app.signUp('alice');
  const { token } = await from(app, '203.0.113.9', 'another browser')(alice.session.refreshToken);
  const { sessions } = await app.client({ authorization: `Bearer ${token}` }).auth.sessions.query();
  expect(sessions).toMatchObject([{ ip: '203.0.113.9', userAgent: 'another browser' }]);
});
