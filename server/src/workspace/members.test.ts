import { afterAll, expect, test } from 'vitest';
import { brokenRules } from '../testing/invariants.ts';
import { type Person, refusal, testServer } from '../testing/index.ts';
import { stagedWorkspace } from '../testing/staged-workspace.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const alice = await app.signUp('alice');
const bob = await app.signUp('bob');
const carol = await app.signUp('carol');
const dave = await app.signUp('dave');

const reasonOf = async (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    async (error) => (await refusal(Promise.reject(error as Error)))?.reason,
  );

test('members are listed page by page, each once, with role and status', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice, { Admin: [bob], Member: [carol, dave] });
  await dave.trpc.workspace.leave.mutate({ workspaceId });
  await app.database.query(`update users set status = 'Suspended' where id = $1`, [carol.id]);
  const first = await alice.trpc.workspace.members.query({ workspaceId, limit: 2 });
  expect(first.members).toHaveLength(2);
  const second = await alice.trpc.workspace.members.query({ workspaceId, limit: 2, cursor: first.nextCursor ?? '' });
  expect(second.nextCursor).toBeNull();
  await app.database.query(`update users set status = 'Active' where id = $1`, [carol.id]);
  const byName = [...first.members, ...second.members].sort((a, b) => a.user.name.localeCompare(b.user.name));
  expect(byName).toMatchObject([
    { user: { id: alice.id, name: 'alice', avatarUrl: null, status: 'Active' }, role: 'Owner' },
    { user: { id: bob.id, status: 'Active' }, role: 'Admin' },
    { user: { id: carol.id, status: 'Suspended' }, role: 'Member' },
  ]);
  expect(byName[0]?.joinedAt).toBeInstanceOf(Date);
});

test('a member changes lower roles, up to their own; Owners demote Owners too', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice, { Owner: [bob], Admin: [carol], Member: [dave] });
  const setRole = (by: Person, of: Person, role: 'Member' | 'Admin' | 'Owner') =>
    reasonOf(by.trpc.workspace.setRole.mutate({ workspaceId, userId: of.id, role }));
  expect(await setRole(carol, dave, 'Owner')).toBe('role_too_low');
  expect(await setRole(carol, bob, 'Member')).toBe('role_too_low');
  expect(await setRole(carol, carol, 'Owner')).toBe('role_too_low');
  const raised = await carol.trpc.workspace.setRole.mutate({ workspaceId, userId: dave.id, role: 'Admin' });
  expect(raised).toMatchObject({ user: { id: dave.id, name: 'dave' }, role: 'Admin' });
  expect((await app.events()).at(-1)).toMatchObject({
    kind: 'workspace.memberUpdated',
    subjectId: dave.id,
    facts: { role: 'Admin' },
  });
  expect(await setRole(carol, dave, 'Member')).toBe('role_too_low');
  expect(await setRole(alice, bob, 'Member')).toBe('done');
  expect(await setRole(alice, alice, 'Admin')).toBe('last_owner');
  const count = (await app.events()).length;
  expect(await setRole(alice, alice, 'Owner')).toBe('done');
  expect(await app.events()).toHaveLength(count);
});

test('a member removes people with lower roles, and no others', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice, { Owner: [bob], Admin: [carol], Member: [dave] });
  const remove = (by: Person, of: Person) =>
    reasonOf(by.trpc.workspace.removeMember.mutate({ workspaceId, userId: of.id }));
  expect(await remove(carol, bob)).toBe('role_too_low');
  expect(await remove(carol, carol)).toBe('role_too_low');
  expect(await remove(alice, bob)).toBe('role_too_low');
  expect(await remove(carol, dave)).toBe('done');
  expect(await remove(carol, dave)).toBe('member_not_found');
  expect((await app.events()).at(-1)).toMatchObject({
    kind: 'workspace.memberLeft',
    workspaceSeq: 5,
    subjectId: dave.id,
  });
  expect(await reasonOf(dave.trpc.workspace.get.query({ workspaceId }))).toBe('workspace_not_found');
});

test('the last Owner cannot leave; others lose access at once', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice, { Owner: [bob] });
  const leave = (who: Person) => reasonOf(who.trpc.workspace.leave.mutate({ workspaceId }));
  expect(await leave(alice)).toBe('done');
  expect(await leave(alice)).toBe('workspace_not_found');
  expect(await leave(bob)).toBe('last_owner');
});

test('of two Owners who demote each other, and leave, at once, one stays', async () => {
  for (let round = 0; round < 5; round++) {
    const { id: workspaceId } = await stagedWorkspace(alice, { Owner: [bob] });
    const outcomes = await Promise.all([
      reasonOf(alice.trpc.workspace.setRole.mutate({ workspaceId, userId: bob.id, role: 'Member' })),
      reasonOf(bob.trpc.workspace.setRole.mutate({ workspaceId, userId: alice.id, role: 'Member' })),
      reasonOf(alice.trpc.workspace.leave.mutate({ workspaceId })),
      reasonOf(bob.trpc.workspace.leave.mutate({ workspaceId })),
    ]);
    expect(outcomes).toContain('done');
  }
  expect(await brokenRules(app.database)).toEqual({});
});

test('an Owner whose account is closed does not count: the last one with an open account stays', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice, { Owner: [bob], Member: [dave] });
  const { id: chatId } = await alice.trpc.chat.create.mutate({
    workspaceId,
    chatType: 'Group',
    name: 'a chat',
    memberIds: [bob.id, dave.id],
  });
  await alice.trpc.chat.setRole.mutate({ chatId, userId: bob.id, role: 'Owner' });
  await app.database.query(`update users set status = 'Suspended' where id = $1`, [bob.id]);
  try {
    expect(await reasonOf(alice.trpc.workspace.leave.mutate({ workspaceId }))).toBe('last_owner');
    expect(await reasonOf(alice.trpc.chat.leave.mutate({ chatId }))).toBe('last_owner');
    await alice.trpc.workspace.setRole.mutate({ workspaceId, userId: dave.id, role: 'Owner' });
    await alice.trpc.workspace.leave.mutate({ workspaceId });
    // In the chat, only bob is left as Owner: dave, whose account is open, succeeds.
    expect(await dave.trpc.chat.get.query({ chatId })).toMatchObject({ role: 'Owner' });
  } finally {
    await app.database.query(`update users set status = 'Active' where id = $1`, [bob.id]);
  }
  expect(await brokenRules(app.database)).toEqual({});
});
