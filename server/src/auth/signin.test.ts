import { expect, test } from 'vitest';
import { suspendUser } from '../user/suspend-user.ts';
import { holdUser, refusal, testServer } from '../testing/index.ts';

test('the right password opens a session, whatever the case of the address', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  const session = await app.anonymous.auth.signin.mutate({ email: 'ALICE@example.com', password: alice.password });
  expect(session).toMatchObject({ id: alice.id, email: alice.email, fullName: 'alice' });
  expect(session.refreshToken).not.toBe(alice.session.refreshToken);
  const { sessions } = await alice.trpc.auth.sessions.query();
  expect(sessions).toHaveLength(2);
});

test('an address matches with its domain in either form, and a password in any Unicode composition', async () => {
  await using app = await testServer();
  const { auth } = app.anonymous;
  const password = 'pässwörd';
  const signedUp = await auth.signup.mutate({ email: 'x@пример.рф', password, fullName: 'x' });
  for (const email of ['x@пример.рф', 'X@XN--E1AFMKFD.xn--p1ai']) {
    expect(await refusal(auth.signup.mutate({ email, password, fullName: 'y' }))).toMatchObject({
      reason: 'email_taken',
    });
    const session = await auth.signin.mutate({ email, password: password.normalize('NFD') });
    expect(session.id).toBe(signedUp.id);
  }
});

test('half a surrogate pair is refused in every input', async () => {
  await using app = await testServer();
  const { email, password, trpc } = await app.signUp('alice');
  const half = 'password \ud800';
  const calls = [
    app.anonymous.auth.signup.mutate({ email: 'b@example.com', password: half, fullName: 'b' }),
    app.anonymous.auth.signin.mutate({ email, password: half }),
    app.anonymous.auth.signin.mutate({ email: `${half}@example.com`, password }),
    trpc.auth.changePassword.mutate({ currentPassword: half, newPassword: 'another one' }),
    trpc.auth.changePassword.mutate({ currentPassword: password, newPassword: half }),
    trpc.user.erase.mutate({ password: half, confirmation: 'erase' }),
    trpc.workspace.acceptInvite.mutate({ token: half }),
  ];
  for (const call of calls) expect(await refusal(call)).toMatchObject({ code: 'BAD_REQUEST', reason: 'invalid_input' });
});

test('an unknown address, one that cannot be one and a wrong password get the same response', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  for (const email of ['nobody@example.com', alice.email, 'no address', '', '\0', 'al\u0130ce@example.com']) {
    const refused = await refusal(app.anonymous.auth.signin.mutate({ email, password: 'wrong' }));
    expect(refused, email).toMatchObject({ code: 'UNAUTHORIZED', reason: 'wrong_credentials' });
  }
});

test('a suspended account is reported only to callers with its password', async () => {
  await using app = await testServer();
  const { id, email, password } = await app.signUp('alice');
  await suspendUser(app.deps, id);
  const right = await refusal(app.anonymous.auth.signin.mutate({ email, password }));
  expect(right).toMatchObject({ code: 'FORBIDDEN', reason: 'account_suspended' });
  const wrong = await refusal(app.anonymous.auth.signin.mutate({ email, password: 'wrong' }));
  expect(wrong).toMatchObject({ code: 'UNAUTHORIZED', reason: 'wrong_credentials' });
});

test.each(['first the sign-in, then the change', 'first the change, then the sign-in'])(
  'a sign-in with the old password that races its change leaves no session (%s)',
  async (order) => {
    await using app = await testServer();
    const alice = await app.signUp('alice');
    const change = () =>
      alice.trpc.auth.changePassword.mutate({ currentPassword: alice.password, newPassword: 'another one' });
    const signin = () => app.anonymous.auth.signin.mutate({ email: alice.email, password: alice.password });
    // Both have checked the password and wait for the person's row, in this order.
    const held = await holdUser(app, alice.id);
    const first = (order.startsWith('first the sign-in') ? signin : change)().catch(() => {});
    await held.waiting(1);
    const second = (order.startsWith('first the sign-in') ? change : signin)().catch(() => {});
    await held.waiting(2);
    await held.release();
    await Promise.all([first, second]);
    const living = await app.database.query('select from sessions where revoked_at is null');
    expect(living).toHaveLength(1);
    expect((await alice.trpc.auth.sessions.query()).sessions).toMatchObject([{ current: true }]);
  },
);

test.each(['first the sign-in, then the suspension', 'first the suspension, then the sign-in'])(
  'a sign-in that races a suspension leaves no session (%s)',
  async (order) => {
    await using app = await testServer();
    const alice = await app.signUp('alice');
    const signin = () => app.anonymous.auth.signin.mutate({ email: alice.email, password: alice.password });
    const suspend = () => suspendUser(app.deps, alice.id);
    const held = await holdUser(app, alice.id);
    const first = (order.startsWith('first the sign-in') ? signin : suspend)().catch(() => {});
    await held.waiting(1);
    const second = (order.startsWith('first the sign-in') ? suspend : signin)().catch(() => {});
    await held.waiting(2);
    await held.release();
    await Promise.all([first, second]);
    expect(await app.database.query('select from sessions where revoked_at is null')).toEqual([]);
  },
);
