import { expect, test } from 'vitest';
import { refusal, type TestServer, testServer } from '../testing/index.ts';

const signup = (app: TestServer, email: string, inviteToken?: string) =>
  app.anonymous.auth.signup.mutate({
    email,
    password: 'correct horse',
    fullName: 'A',
    ...(inviteToken !== undefined && { inviteToken }),
  });

test('sign-up is refused where it is closed', async () => {
  await using app = await testServer({ FECHATTER_AUTH_SIGNUP_MODE: 'closed' });
  expect(await refusal(signup(app, 'a@example.com'))).toMatchObject({ code: 'FORBIDDEN', reason: 'signup_closed' });
});

test('where an invitation is required, only a valid one for this address is accepted', async () => {
  await using app = await testServer();
  const { alice, workspace } = await app.workspaceOf('alice');
  await using invited = await app.another({ FECHATTER_AUTH_SIGNUP_MODE: 'invited' });
  const invite = (email?: string) =>
    alice.trpc.workspace.invite.mutate({
      workspaceId: workspace.id,
      role: 'Member',
      ...(email !== undefined && { email }),
    });
  const [anyone, bobs, revoked] = [await invite(), await invite('Bob@example.com'), await invite()];
  await alice.trpc.workspace.revokeInvite.mutate({ workspaceId: workspace.id, inviteId: revoked.id });
  for (const token of [undefined, '', 'made-up', revoked.token, bobs.token])
    expect(await refusal(signup(invited, 'carol@example.com', token)), token).toMatchObject({
      reason: 'invitation_needed',
    });
  expect(await signup(invited, 'bob@example.com', bobs.token)).toMatchObject({ email: 'bob@example.com' });
  expect(await signup(invited, 'carol@example.com', anyone.token)).toMatchObject({ email: 'carol@example.com' });
});

test('addresses of other domains are refused, in any case, look-alikes included, and also for a change', async () => {
  await using app = await testServer({
    FECHATTER_AUTH_SIGNUP_DOMAINS: 'Example.com,пример.рф',
    FECHATTER_MAIL_VIA: 'files',
  });
  for (const email of ['a@example.com.evil.org', 'a@sub.example.com', 'a@notexample.com', 'example.com@evil.org'])
    expect(await refusal(signup(app, email)), email).toMatchObject({ reason: 'domain_not_allowed' });
  expect(await signup(app, 'a@EXAMPLE.com')).toBeDefined();
  expect(await signup(app, 'a@xn--e1afmkfd.xn--p1ai')).toBeDefined();
  const alice = await app.signUp('alice');
  const change = { newEmail: 'a@evil.org', currentPassword: alice.password };
  expect(await refusal(alice.trpc.auth.changeEmail.mutate(change))).toMatchObject({ reason: 'domain_not_allowed' });
});

test('where addresses must be verified, a person joins no workspace before that', async () => {
  await using app = await testServer({ FECHATTER_AUTH_REQUIRE_VERIFIED_EMAIL: 'true' });
  const [alice, bob] = [await app.signUp('alice'), await app.signUp('bob')];
  const create = () => alice.trpc.workspace.create.mutate({ name: 'w' });
  expect(await refusal(create())).toMatchObject({ code: 'FORBIDDEN', reason: 'email_unverified' });
  await app.database.query('update users set email_verified_at = now() where id = $1', [alice.id]);
  const { id: workspaceId } = await create();
  const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId, role: 'Member' });
  expect(await refusal(bob.trpc.workspace.acceptInvite.mutate({ token }))).toMatchObject({
    reason: 'email_unverified',
  });
  await app.database.query('update users set email_verified_at = now() where id = $1', [bob.id]);
  expect(await bob.trpc.workspace.acceptInvite.mutate({ token })).toMatchObject({ id: workspaceId });
});

test('where no mail is sent, procedures that need it are refused with that reason', async () => {
  await using app = await testServer({ FECHATTER_MAIL_VIA: 'off' });
  const { email, password, trpc } = await app.signUp('alice');
  const calls = [
    trpc.auth.requestVerification.mutate(),
    trpc.auth.changeEmail.mutate({ newEmail: 'b@example.com', currentPassword: password }),
    app.anonymous.auth.requestPasswordReset.mutate({ email }),
    app.anonymous.auth.requestPasswordReset.mutate({ email: 'nobody@example.com' }),
  ];
  for (const refused of await Promise.all(calls.map(refusal)))
    expect(refused).toMatchObject({ code: 'FORBIDDEN', reason: 'mail_off' });
  expect(await app.database.query('select from mail_jobs')).toEqual([]);
});
