import { expect, test } from 'vitest';
import { refusal, signedIn, testServer } from '../testing/index.ts';

const newPassword = 'another password';

test('a changed password is effective, this session continues, and all others end', async () => {
  await using app = await testServer();
  const { email, password, trpc } = await app.signUp('alice');
  const other = signedIn(app.url, await app.anonymous.auth.signin.mutate({ email, password }));
  await trpc.auth.changePassword.mutate({ currentPassword: password, newPassword });
  expect((await trpc.auth.sessions.query()).sessions).toMatchObject([{ current: true }]);
  expect(await refusal(other.user.me.query())).toMatchObject({ reason: 'session_revoked' });
  const old = await refusal(app.anonymous.auth.signin.mutate({ email, password }));
  expect(old).toMatchObject({ reason: 'wrong_credentials' });
  expect(await app.anonymous.auth.signin.mutate({ email, password: newPassword })).toMatchObject({ email });
});

test('a wrong current password changes nothing', async () => {
  await using app = await testServer();
  const { email, password, trpc } = await app.signUp('alice');
  const refused = await refusal(trpc.auth.changePassword.mutate({ currentPassword: 'wrong', newPassword }));
  expect(refused).toMatchObject({ code: 'FORBIDDEN', reason: 'wrong_password' });
  const short = await refusal(trpc.auth.changePassword.mutate({ currentPassword: password, newPassword: 'short' }));
  expect(short).toMatchObject({ reason: 'invalid_input', issues: [{ path: ['newPassword'] }] });
  expect(await app.anonymous.auth.signin.mutate({ email, password })).toMatchObject({ email });
});

test('of two concurrent changes one is effective, and only its session remains', async () => {
  await using app = await testServer();
  const { email, password, trpc } = await app.signUp('alice');
  const phone = signedIn(app.url, await app.anonymous.auth.signin.mutate({ email, password }));
  const changes = [trpc, phone].map((client, index) =>
    client.auth.changePassword.mutate({ currentPassword: password, newPassword: `${newPassword} ${index}` }),
  );
  const settled = await Promise.allSettled(changes);
  expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const winner = settled[0]?.status === 'fulfilled' ? 0 : 1;
  expect(await app.anonymous.auth.signin.mutate({ email, password: `${newPassword} ${winner}` })).toMatchObject({
    email,
  });
  expect(await refusal((winner === 0 ? phone : trpc).user.me.query())).toMatchObject({ reason: 'session_revoked' });
});

test('a session that was ended on another server cannot change the password', async () => {
  await using app = await testServer();
  const { email, password, trpc } = await app.signUp('alice');
  await app.database.query('update sessions set revoked_at = now()');
  const refused = await refusal(trpc.auth.changePassword.mutate({ currentPassword: password, newPassword }));
  expect(refused).toMatchObject({ reason: 'session_revoked' });
  expect(await app.anonymous.auth.signin.mutate({ email, password })).toMatchObject({ email });
});
