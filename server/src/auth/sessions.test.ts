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

test('signing out ends this session alone, and tells its person', async () => {
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

test('one may end one of the own sessions, once, and nobody else’s', async () => {
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

test('without a session there is nothing to end or to see', async () => {
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
