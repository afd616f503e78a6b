import { expect, test } from 'vitest';
import { type Person, refusal, signedIn, type TestServer, testServer } from '../testing/index.ts';

const device = async (app: TestServer, { email, password }: Person, userAgent: string) =>
  signedIn(app.url, await app.client({ 'user-agent': userAgent }).auth.signin.mutate({ email, password }));

test('the list shows where this account is signed in, newest first, in pages', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  await app.signUp('bob');
  const phone = await device(app, alice, 'a phone');
  await device(app, alice, 'x'.repeat(5_000));
  const first = await phone.auth.sessions.query({ limit: 2 });
  expect(first.sessions).toMatchObject([
    { current: false, userAgent: 'x'.repeat(300) },
    { current: true, userAgent: 'a phone', ip: '127.0.0.1' },
  ]);
  const second = await phone.auth.sessions.query({ limit: 2, cursor: first.nextCursor ?? '' });
  expect(second).toMatchObject({ sessions: [{ current: false }], nextCursor: null });
  const bad = await refusal(phone.auth.sessions.query({ cursor: 'anything' }));
  expect(bad).toMatchObject({ code: 'BAD_REQUEST', reason: 'invalid_cursor' });
});

test('signing out ends only this session, and sends its person an event', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  const phone = await device(app, alice, 'a phone');
  await phone.auth.signout.mutate();
  expect(await refusal(phone.user.me.query())).toMatchObject({ code: 'UNAUTHORIZED', reason: 'session_revoked' });
  expect((await alice.trpc.auth.sessions.query()).sessions).toMatchObject([{ current: true }]);
  expect(await app.events()).toMatchObject([{ kind: 'session.revoked', userId: alice.id, workspaceSeq: null }]);
});

test('signing out everywhere ends all sessions of this account and of no other', async () => {
  await using app = await testServer();
  const [alice, bob] = [await app.signUp('alice'), await app.signUp('bob')];
  const phone = await device(app, alice, 'a phone');
  await Promise.allSettled([phone.auth.signoutAll.mutate(), alice.trpc.auth.signoutAll.mutate()]);
  for (const client of [phone, alice.trpc])
    expect(await refusal(client.auth.sessions.query())).toMatchObject({ reason: 'session_revoked' });
  expect(await bob.trpc.auth.sessions.query()).toMatchObject({ sessions: [{ current: true }] });
  expect((await app.events()).map(({ kind }) => kind)).toEqual(['session.revoked', 'session.revoked']);
});

test('a person can end one of their own sessions, once, and no other person’s', async () => {
  await using app = await testServer();
  const [alice, bob] = [await app.signUp('alice'), await app.signUp('bob')];
  const phone = await device(app, alice, 'a phone');
  const [{ id: sessionId } = { id: '' }] = (await phone.auth.sessions.query()).sessions;
  const notHis = await refusal(bob.trpc.auth.revokeSession.mutate({ sessionId }));
  expect(notHis).toMatchObject({ code: 'NOT_FOUND', reason: 'session_not_found' });
  expect(await phone.user.me.query()).toMatchObject({ id: alice.id });

  const both = [alice.trpc, alice.trpc].map((client) => client.auth.revokeSession.mutate({ sessionId }));
  expect((await Promise.allSettled(both)).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await refusal(phone.user.me.query())).toMatchObject({ reason: 'session_revoked' });
  expect(await app.events()).toMatchObject([{ kind: 'session.revoked', subjectId: sessionId }]);
  const bad = await refusal(alice.trpc.auth.revokeSession.mutate({ sessionId: 'x' }));
  expect(bad).toMatchObject({ reason: 'invalid_input' });
});

test('without a session, listing and ending sessions are refused', async () => {
  await using app = await testServer();
  const { auth } = app.anonymous;
  const passwords = { currentPassword: 'x', newPassword: 'another one' };
  const calls = [
    auth.signout.mutate(),
    auth.signoutAll.mutate(),
    auth.sessions.query(),
    auth.changePassword.mutate(passwords),
  ];
  for (const refused of await Promise.all(calls.map((call) => refusal(call))))
    expect(refused).toMatchObject({ code: 'UNAUTHORIZED', reason: 'not_signed_in' });
});

test('a device keeps the name that its person gave it over sign-outs, and no one else can name it', async () => {
  await using app = await testServer();
  const [alice, bob] = [await app.signUp('alice'), await app.signUp('bob')];
  const [{ id: sessionId } = { id: '' }] = (await alice.trpc.auth.sessions.query()).sessions;
  const renamed = await alice.trpc.auth.renameSession.mutate({ sessionId, name: 'kitchen' });
  expect(renamed).toMatchObject({ id: sessionId, name: 'kitchen', current: true });
  const notHis = await refusal(bob.trpc.auth.renameSession.mutate({ sessionId, name: 'his' }));
  expect(notHis).toMatchObject({ code: 'NOT_FOUND', reason: 'session_not_found' });
  for (const name of ['', ' ', 'x'.repeat(101), 'two\nlines'])
    expect(await refusal(alice.trpc.auth.renameSession.mutate({ sessionId, name }))).toMatchObject({
      reason: 'invalid_input',
    });
  await alice.trpc.auth.signout.mutate();
  const { email, password, session } = alice;
  const back = signedIn(
    app.url,
    await app.anonymous.auth.signin.mutate({ email, password, deviceToken: session.deviceToken }),
  );
  expect((await back.auth.sessions.query()).sessions).toMatchObject([{ name: 'kitchen' }]);
  const ended = await refusal(back.auth.renameSession.mutate({ sessionId, name: 'ended' }));
  expect(ended).toMatchObject({ reason: 'session_not_found' });
  const elsewhere = await device(app, alice, 'a phone');
  const { sessions } = await elsewhere.auth.sessions.query();
  expect(sessions.map(({ name }) => name)).toEqual([null, 'kitchen']);
  const id = (await back.auth.sessions.query()).sessions.find(({ current }) => current)?.id ?? '';
  expect(await back.auth.renameSession.mutate({ sessionId: id, name: null })).toMatchObject({ name: null });
});

test('the list shows the address and the agent of the last refresh', async () => {
  await using app = await testServer({ FECHATTER_SERVER_TRUSTED_PROXIES: '127.0.0.1' });
  const alice = await app.signUp('alice');
  const moved = app.client({ 'x-forwarded-for': '203.0.113.9', 'user-agent': 'a new release' });
  await moved.auth.refresh.mutate({ refreshToken: alice.session.refreshToken });
  expect((await alice.trpc.auth.sessions.query()).sessions).toMatchObject([
    { ip: '203.0.113.9', userAgent: 'a new release' },
  ]);
});

test('signing out all others leaves this session, and those of other people', async () => {
  await using app = await testServer();
  const [alice, bob] = [await app.signUp('alice'), await app.signUp('bob')];
  const [phone, tablet] = [await device(app, alice, 'a phone'), await device(app, alice, 'a tablet')];
  await phone.auth.signoutOthers.mutate();
  for (const client of [alice.trpc, tablet])
    expect(await refusal(client.user.me.query())).toMatchObject({ reason: 'session_revoked' });
  expect((await phone.auth.sessions.query()).sessions).toMatchObject([{ current: true, userAgent: 'a phone' }]);
  expect(await bob.trpc.user.me.query()).toMatchObject({ id: bob.id });
  // With nothing left to end.
  await phone.auth.signoutOthers.mutate();
  expect((await app.events()).map(({ kind }) => kind)).toEqual(['session.revoked', 'session.revoked']);
  // One of the ended ones, before its own server knows of it.
  await app.database.query('update sessions set revoked_at = now() where user_id = $1', [alice.id]);
  expect(await refusal(phone.auth.signoutOthers.mutate())).toMatchObject({ reason: 'session_revoked' });
});
