import { expect, test } from 'vitest';
import { closeAccount } from '../erasure/close-account.ts';
import { refusal, testServer } from '../testing/index.ts';
import { reinstateUser, suspendUser } from './suspend-user.ts';

test('a suspension ends all sessions, is an event in each workspace, and keeps the memberships', async () => {
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

test('suspending twice is one event; reinstating restores no session, but sign-in works again', async () => {
  await using app = await testServer();
  const { email, id, password, trpc } = await app.signUp('alice');
  await Promise.all([suspendUser(app.deps, id), suspendUser(app.deps, id)]);
  await reinstateUser(app.deps, id);
  await reinstateUser(app.deps, id);
  expect((await app.events()).map(({ kind }) => kind)).toEqual(['user.updated', 'session.revoked', 'user.updated']);
  expect(await refusal(trpc.user.me.query())).toMatchObject({ reason: 'session_revoked' });
  expect(await app.anonymous.auth.signin.mutate({ email, password })).toMatchObject({ id });
});

test('an unknown person is reported to the operator', async () => {
  await using app = await testServer();
  await expect(suspendUser(app.deps, '00000000-0000-7000-8000-000000000000')).rejects.toMatchObject({
    reason: 'user_not_found',
  });
});

test('invitations of a suspended or erased person end at once, everywhere, and stay ended', async () => {
  await using app = await testServer();
  const { alice, bob, workspace } = await app.workspaceOf('alice', 'bob');
  const own = await bob.trpc.workspace.create.mutate({ name: 'of bob' });
  await alice.trpc.workspace.setRole.mutate({ workspaceId: workspace.id, userId: bob.id, role: 'Admin' });
  const invite = (who: typeof bob, workspaceId: string) =>
    who.trpc.workspace.invite.mutate({ workspaceId, role: 'Member', maxUses: 9 });
  const [carol, dave] = [await app.signUp('carol'), await app.signUp('dave')];
  const accepted = (token: string) => refusal(carol.trpc.workspace.acceptInvite.mutate({ token }));
  const ended = [await invite(bob, workspace.id), await invite(bob, own.id)];
  const ofAlice = await invite(alice, workspace.id);
  await suspendUser(app.deps, bob.id);
  for (const { token } of ended) expect(await accepted(token)).toMatchObject({ reason: 'invite_not_found' });
  await reinstateUser(app.deps, bob.id);
  for (const { token } of ended) expect(await accepted(token)).toMatchObject({ reason: 'invite_not_found' });
  const lines = await app.database.query(
    `select scope_id, user_id from audit_log where action = 'invite.revoked' and actor_id is null order by scope_id`,
  );
  expect(lines).toEqual([workspace.id, own.id].toSorted().map((id) => ({ scope_id: id, user_id: bob.id })));

  await dave.trpc.workspace.acceptInvite.mutate({ token: ofAlice.token });
  await alice.trpc.workspace.setRole.mutate({ workspaceId: workspace.id, userId: dave.id, role: 'Admin' });
  const ofDave = await invite(dave, workspace.id);
  await closeAccount({ deps: app.deps }, dave.id);
  expect(await accepted(ofDave.token)).toMatchObject({ reason: 'invite_not_found' });
});

test('a suspended person cannot invite, also on a server that does not know of the suspension yet', async () => {
  await using app = await testServer();
  const { alice, workspace } = await app.workspaceOf('alice');
  await app.database.query(`update users set status = 'Suspended' where id = $1`, [alice.id]);
  const invited = alice.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Member' });
  expect(await refusal(invited)).toMatchObject({ reason: 'session_revoked' });
});
