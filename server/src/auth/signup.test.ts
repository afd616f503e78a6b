import { expect, test } from 'vitest';
import { rawCall, refusal, testServer } from '../testing/index.ts';

const input = (email: string) => ({ email, password: 'correct horse', fullName: 'Alice' });

test('a new account is signed in, and its password and refresh token are stored as hashes only', async () => {
  await using app = await testServer();
  const session = await app.anonymous.auth.signup.mutate(input('Alice@Example.com'));
  expect(session).toMatchObject({ email: 'Alice@Example.com', fullName: 'Alice' });
  expect(session.expiresAt.getTime() - Date.now()).toBeGreaterThan(14 * 60_000);
  const me = app.client({ authorization: `Bearer ${session.token}` }).user.me.query();
  expect(await me).toMatchObject({ id: session.id, status: 'Active', avatarUrl: null });
  const stored = JSON.stringify(await app.database.query('select * from users, sessions'));
  expect(stored).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  for (const secret of ['correct horse', session.refreshToken]) expect(stored).not.toContain(secret);
});

test('an address has one account, whatever its case', async () => {
  await using app = await testServer();
  await app.anonymous.auth.signup.mutate(input('alice@example.com'));
  const again = await refusal(app.anonymous.auth.signup.mutate(input('ALICE@example.COM')));
  expect(again).toMatchObject({ code: 'CONFLICT', reason: 'email_taken' });
});

test('of 50 sign-ups with one address at the same time one succeeds', async () => {
  await using app = await testServer();
  const calls = Array.from({ length: 50 }, () => rawCall(app.url, 'auth.signup', input('alice@example.com')));
  const statuses = (await Promise.all(calls)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.filter((status) => status === 409)).toHaveLength(49);
  expect(
    await app.database.query('select (select count(*) from users) + (select count(*) from sessions) as n'),
  ).toEqual([{ n: '2' }]);
});

test('bad input is named, and nothing is stored', async () => {
  await using app = await testServer();
  const bad = { email: 'no address', password: 'short', fullName: '\ud800' };
  const refused = await refusal(app.anonymous.auth.signup.mutate(bad));
  expect(refused).toMatchObject({ code: 'BAD_REQUEST', reason: 'invalid_input' });
  expect(refused?.issues?.map(({ path }) => path)).toEqual([['email'], ['password'], ['fullName']]);
  expect(await app.database.query('select from users')).toEqual([]);
});
