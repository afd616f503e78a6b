import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { brokenRules } from '../testing/invariants.ts';
import { type Person, refusal, testServer } from '../testing/index.ts';
import { stagedWorkspace } from '../testing/staged-workspace.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const alice = await app.signUp('alice');
const bob = await app.signUp('bob');
const carol = await app.signUp('carol');
const accept = (who: Person, token: string) => who.trpc.workspace.acceptInvite.mutate({ token });
const isNotGood = async (who: Person, token: string) =>
  expect(await refusal(accept(who, token))).toMatchObject({ code: 'NOT_FOUND', reason: 'invite_not_found' });

test('a person with the token joins once, with the role of the invitation', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice);
  const invite = await alice.trpc.workspace.invite.mutate({ workspaceId, role: 'Admin' });
  expect(invite).toMatchObject({ role: 'Admin', email: null, maxUses: 1, uses: 0 });
  expect(invite.token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(Math.round((invite.expiresAt.getTime() - Date.now()) / 86_400_000)).toBe(7);

  expect(await accept(bob, invite.token)).toMatchObject({ id: workspaceId, role: 'Admin', lastSeq: 2 });
  expect((await app.events()).at(-1)).toMatchObject({
    kind: 'workspace.memberJoined',
    workspaceSeq: 2,
    subjectId: bob.id,
    facts: { role: 'Admin' },
  });
  // A retry by a member uses nothing up; for everyone else it is used up.
  expect(await accept(bob, invite.token)).toMatchObject({ role: 'Admin', lastSeq: 2 });
  await isNotGood(carol, invite.token);
});

test('a token is not stored, and lists do not show it', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice, { Admin: [bob] });
  const { token, ...shown } = await alice.trpc.workspace.invite.mutate({ workspaceId, role: 'Member', maxUses: 2 });
  await accept(carol, token);
  const { invites } = await bob.trpc.workspace.invites.query({ workspaceId });
  expect(invites).toContainEqual({ ...shown, uses: 1 });
  expect(JSON.stringify(invites)).not.toContain(token);
  const stored = await app.database.query('select row_to_json(i)::text as row from workspace_invites i');
  expect(JSON.stringify(stored)).not.toContain(token);
});

test('invitations are listed page by page, oldest first', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice);
  const { invite, invites } = alice.trpc.workspace;
  const made: string[] = [];
  for (let n = 0; n < 3; n++) made.push((await invite.mutate({ workspaceId, role: 'Member' })).id);
  const first = await invites.query({ workspaceId, limit: 2 });
  const second = await invites.query({ workspaceId, limit: 2, cursor: first.nextCursor ?? '' });
  expect([...first.invites, ...second.invites].map(({ id }) => id)).toEqual(made);
  expect(second.nextCursor).toBeNull();
});

test('bad, revoked, expired and other people’s invitations are all not found', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice);
  const { invite, revokeInvite, invites } = alice.trpc.workspace;
  await isNotGood(bob, randomBytes(32).toString('base64url'));
  await isNotGood(bob, '');
  await isNotGood(bob, '💥');

  const revoked = await invite.mutate({ workspaceId, role: 'Member' });
  await revokeInvite.mutate({ workspaceId, inviteId: revoked.id });
  await isNotGood(bob, revoked.token);
  expect(await refusal(revokeInvite.mutate({ workspaceId, inviteId: revoked.id }))).toMatchObject({
    reason: 'invite_not_found',
  });

  const expired = await invite.mutate({ workspaceId, role: 'Member', expiresInSeconds: 60 });
  await app.database.query(`update workspace_invites set expires_at = now() - interval '1 second' where id = $1`, [
    expired.id,
  ]);
  await isNotGood(bob, expired.token);
  expect((await invites.query({ workspaceId })).invites).toEqual([]);

  const forCarol = await invite.mutate({ workspaceId, role: 'Member', email: 'CAROL@example.com' });
  // The holder of that address learns that it must be verified first; no one else sees a difference.
  for (let n = 0; n < 2; n++) {
    await isNotGood(bob, forCarol.token);
    expect(await refusal(accept(carol, forCarol.token))).toMatchObject({
      code: 'FORBIDDEN',
      reason: 'email_unverified',
    });
  }
  expect(
    await app.database.query('select from workspace_members where workspace_id = $1 and user_id = $2', [
      workspaceId,
      carol.id,
    ]),
  ).toEqual([]);
  await app.database.query('update users set email_verified_at = now() where id in ($1, $2)', [carol.id, bob.id]);
  await isNotGood(bob, forCarol.token);
  expect(await accept(carol, forCarol.token)).toMatchObject({ id: workspaceId });
});

test('an invitation of another workspace cannot be revoked from mine', async () => {
  const mine = await stagedWorkspace(alice);
  const theirs = await stagedWorkspace(bob);
  const { id: inviteId } = await bob.trpc.workspace.invite.mutate({ workspaceId: theirs.id, role: 'Member' });
  const call = alice.trpc.workspace.revokeInvite.mutate({ workspaceId: mine.id, inviteId });
  expect(await refusal(call)).toMatchObject({ reason: 'invite_not_found' });
});

test('an invitation gives at most the inviter’s role, and ends if that role is lowered', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice, { Owner: [bob] });
  const invite = (who: Person, role: 'Member' | 'Admin' | 'Owner') =>
    who.trpc.workspace.invite.mutate({ workspaceId, role, maxUses: 5 });
  const [asOwner, asAdmin] = [await invite(bob, 'Owner'), await invite(bob, 'Admin')];
  await alice.trpc.workspace.setRole.mutate({ workspaceId, userId: bob.id, role: 'Admin' });
  expect(await refusal(invite(bob, 'Owner'))).toMatchObject({ reason: 'role_too_low' });
  await isNotGood(carol, asOwner.token);
  await alice.trpc.workspace.removeMember.mutate({ workspaceId, userId: bob.id });
  await isNotGood(bob, asAdmin.token);
});

test('a deleted workspace cannot be joined', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice);
  const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId, role: 'Member' });
  await alice.trpc.workspace.delete.mutate({ workspaceId });
  await isNotGood(bob, token);
});

test('of ten who accept the last use at once, one joins', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice);
  const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId, role: 'Member' });
  const guests = await Promise.all(Array.from({ length: 10 }, (_, n) => app.signUp(`guest${n}`)));
  const responses = await Promise.allSettled(guests.map((guest) => accept(guest, token)));
  expect(responses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const { members } = await alice.trpc.workspace.members.query({ workspaceId });
  expect(members).toHaveLength(2);
  expect(await brokenRules(app.database)).toEqual({});
});

test('one person who accepts five times at once joins once, and takes one use', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice);
  const { token, id } = await alice.trpc.workspace.invite.mutate({ workspaceId, role: 'Member', maxUses: 5 });
  await Promise.all(Array.from({ length: 5 }, () => accept(bob, token)));
  expect(await app.database.query('select uses from workspace_invites where id = $1', [id])).toEqual([{ uses: 1 }]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('limits and lifetimes out of bounds are refused', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice);
  for (const bad of [{ maxUses: 0 }, { maxUses: 10_001 }, { expiresInSeconds: 0 }, { expiresInSeconds: 2_592_001 }])
    expect(await refusal(alice.trpc.workspace.invite.mutate({ workspaceId, role: 'Member', ...bad }))).toMatchObject({
      reason: 'invalid_input',
    });
});
