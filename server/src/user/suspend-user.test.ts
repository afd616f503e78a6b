import { expect, test } from 'vitest';
import { refusal, testServer } from '../testing/index.ts';
import { reinstateUser, suspendUser } from './suspend-user.ts';

test('a suspension ends all sessions, is told in each workspace, and leaves the memberships', async () => {
  await using app = await testServer();
  const { alice, bob, workspace } = await app.workspaceOf('alice', 'bob');
  const { email, password } = bob;
  await app.anonymous.auth.signin.mutate({ email, password });
  const before = (await app.events()).length;
  await suspendUser(app.deps, bob.id);
  expect(await refusal(bob.trpc.user.me.query())).toMatchObject({ code: 'UNAUTHORIZED', reason: 'session_revoked' });
  expect(await alice.trpc.user.get.query({ userId: bob.id })).toMatchObject({ status: 'Suspended' });
  expect((await app.events()).slice(before)).toMatchObject([
    { kind: 'user.updated', workspaceId: workspace.id, subjectId: bob.id },
    { kind: 'session.revoked', userId: bob.id },
    { kind: 'session.revoked', userId: bob.id },
  ]);
});

test('suspending twice tells once; reinstating gives no session back, but sign-in works again', async () => {
  await using app = await testServer();
  const { email, id, password, trpc } = await app.signUp('alice');
  await Promise.all([suspendUser(app.deps, id), suspendUser(app.deps, id)]);
  await reinstateUser(app.deps, id);
  await reinstateUser(app.deps, id);
  expect((await app.events()).map(({ kind }) => kind)).toEqual(['user.updated', 'session.revoked', 'user.updated']);
  expect(await refusal(trpc.user.me.query())).toMatchObject({ reason: 'session_revoked' });
  expect(await app.anonymous.auth.signin.mutate({ email, password })).toMatchObject({ id });
});

test('an operator who names nobody is told so', async () => {
  await using app = await testServer();
  await expect(suspendUser(app.deps, '00000000-0000-7000-8000-000000000000')).rejects.toMatchObject({
    reason: 'user_not_found',
  });
});
