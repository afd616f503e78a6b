import { randomUUID } from 'node:crypto';
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
const { id: workspaceId } = await stagedWorkspace(alice, { Member: [bob, carol, dave] });
const stage = async (chatType: 'Group' | 'PublicChannel', creator: Person, ...people: Person[]) => {
  const memberIds = people.map(({ id }) => id);
  const { id } = await creator.trpc.chat.create.mutate({ workspaceId, chatType, name: 'a chat', memberIds });
  return id;
};
const eventsOf = async (chatId: string) => (await app.events()).filter((event) => event.chatId === chatId);

test('an added person is a Member who has read everything so far, with an event each', async () => {
  const chatId = await stage('Group', alice, bob);
  await alice.trpc.message.send.mutate({ chatId, content: 'before' });
  const userIds = [carol.id, dave.id, bob.id, carol.id];
  const { members } = await alice.trpc.chat.addMembers.mutate({ chatId, userIds });
  expect(new Set(members.map(({ user }) => user.name))).toEqual(new Set(['bob', 'carol', 'dave']));
  expect(await eventsOf(chatId)).toMatchObject([
    { kind: 'chat.created' },
    { kind: 'message.created' },
    ...[carol.id, dave.id].sort().map((subjectId, n) => ({
      kind: 'member.joined',
      seq: 3 + n,
      subjectId,
      facts: { role: 'Member', byId: alice.id },
    })),
  ]);
  expect(await carol.trpc.chat.get.query({ chatId })).toMatchObject({
    role: 'Member',
    unreadCount: 0,
    lastReadNumber: 1,
    lastMessage: { content: 'before' },
  });
  expect((await alice.trpc.chat.addMembers.mutate({ chatId, userIds: [bob.id] })).members).toHaveLength(1);
  expect(await eventsOf(chatId)).toHaveLength(4);
});

test('if one person is not in the workspace, no one is added', async () => {
  const chatId = await stage('Group', alice);
  const call = alice.trpc.chat.addMembers.mutate({ chatId, userIds: [bob.id, randomUUID()] });
  expect(await refusal(call)).toMatchObject({ code: 'NOT_FOUND', reason: 'user_not_found' });
  expect((await alice.trpc.chat.members.query({ chatId })).members).toHaveLength(1);
});

test('members are listed page by page', async () => {
  const chatId = await stage('Group', alice, bob, carol);
  const first = await bob.trpc.chat.members.query({ chatId, limit: 2 });
  const second = await bob.trpc.chat.members.query({ chatId, limit: 2, cursor: first.nextCursor ?? '' });
  expect(second.nextCursor).toBeNull();
  const ids = [...first.members, ...second.members].map(({ user }) => user.id);
  expect(ids).toEqual([alice.id, bob.id, carol.id].sort());
});

test('roles in a chat follow the same rule as in a workspace', async () => {
  const chatId = await stage('Group', bob, carol, dave);
  const setRole = (by: Person, of: Person, role: 'Member' | 'Admin' | 'Owner') =>
    by.trpc.chat.setRole.mutate({ chatId, userId: of.id, role });
  expect(await setRole(bob, carol, 'Admin')).toMatchObject({ user: { name: 'carol' }, role: 'Admin' });
  expect((await eventsOf(chatId)).at(-1)).toMatchObject({
    kind: 'member.updated',
    seq: 2,
    subjectId: carol.id,
    facts: { role: 'Admin', byId: bob.id },
  });
  for (const call of [
    () => setRole(carol, dave, 'Owner'),
    () => setRole(carol, bob, 'Member'),
    () => setRole(carol, carol, 'Member'),
    () => carol.trpc.chat.removeMember.mutate({ chatId, userId: bob.id }),
    () => carol.trpc.chat.removeMember.mutate({ chatId, userId: carol.id }),
    () => bob.trpc.chat.removeMember.mutate({ chatId, userId: bob.id }),
  ])
    expect(await refusal(call())).toMatchObject({ code: 'FORBIDDEN', reason: 'role_too_low' });
  expect(await refusal(setRole(bob, bob, 'Member'))).toMatchObject({ code: 'CONFLICT', reason: 'last_owner' });
  expect(await refusal(setRole(bob, alice, 'Member'))).toMatchObject({ reason: 'member_not_found' });
  await setRole(bob, carol, 'Owner');
  await setRole(carol, bob, 'Member');
  await carol.trpc.chat.removeMember.mutate({ chatId, userId: bob.id });
  expect((await eventsOf(chatId)).at(-1)).toMatchObject({
    kind: 'member.left',
    seq: 5,
    subjectId: bob.id,
    facts: { byId: carol.id },
  });
  expect(await refusal(bob.trpc.chat.get.query({ chatId }))).toMatchObject({ reason: 'chat_not_found' });
  expect(await refusal(carol.trpc.chat.removeMember.mutate({ chatId, userId: bob.id }))).toMatchObject({
    reason: 'member_not_found',
  });
});

test('a workspace’s Owner rules its public channels, also from outside, and no other chat', async () => {
  const [open, closed] = [await stage('PublicChannel', bob, carol), await stage('Group', bob, carol)];
  const { chat, message } = alice.trpc;
  await chat.update.mutate({ chatId: open, name: 'ruled' });
  await chat.setRole.mutate({ chatId: open, userId: carol.id, role: 'Admin' });
  await chat.addMembers.mutate({ chatId: open, userIds: [dave.id] });
  expect(await chat.get.query({ chatId: open })).toMatchObject({ role: null });
  const outside = [
    message.send.mutate({ chatId: open, content: 'hi' }),
    chat.markRead.mutate({ chatId: open, seq: 1 }),
  ];
  for (const data of await Promise.all(outside.map(refusal))) expect(data).toMatchObject({ reason: 'not_a_member' });
  expect(await refusal(chat.update.mutate({ chatId: closed, name: 'n' }))).toMatchObject({ reason: 'chat_not_found' });

  // In the channel she is a Member, and counts as Owner: its own Owner cannot remove her.
  expect(await chat.join.mutate({ chatId: open })).toMatchObject({ role: 'Member' });
  expect(await refusal(bob.trpc.chat.removeMember.mutate({ chatId: open, userId: alice.id }))).toMatchObject({
    reason: 'role_too_low',
  });
  expect(await refusal(chat.setRole.mutate({ chatId: open, userId: bob.id, role: 'Member' }))).toMatchObject({
    reason: 'last_owner',
  });
  await chat.delete.mutate({ chatId: open });
});

test('joining and leaving a public channel, each twice', async () => {
  const chatId = await stage('PublicChannel', alice);
  await alice.trpc.message.send.mutate({ chatId, content: 'before' });
  const joined = await bob.trpc.chat.join.mutate({ chatId });
  expect(joined).toMatchObject({ role: 'Member', lastSeq: 3, lastReadSeq: 3, lastReadNumber: 1, unreadCount: 0 });
  expect(await bob.trpc.chat.join.mutate({ chatId })).toEqual(joined);
  await bob.trpc.chat.leave.mutate({ chatId });
  await bob.trpc.chat.leave.mutate({ chatId });
  expect((await eventsOf(chatId)).slice(2)).toMatchObject([
    { kind: 'member.joined', seq: 3, subjectId: bob.id, facts: { role: 'Member' }, workspaceSeq: null },
    { kind: 'member.left', seq: 4, subjectId: bob.id, workspaceSeq: null },
  ]);
  expect(await refusal(alice.trpc.chat.leave.mutate({ chatId }))).toMatchObject({ reason: 'last_owner' });
  expect(await bob.trpc.chat.join.mutate({ chatId })).toMatchObject({ role: 'Member', lastReadSeq: 5 });
});

test('adding and removing, joining and leaving at once leave one period open or none, and a dense history', async () => {
  const chatId = await stage('PublicChannel', alice);
  const calls = Array.from({ length: 8 }, (_, n) => [
    alice.trpc.chat.addMembers.mutate({ chatId, userIds: n % 2 ? [bob.id, carol.id] : [carol.id, bob.id] }),
    alice.trpc.chat.removeMember.mutate({ chatId, userId: bob.id }),
    bob.trpc.chat.join.mutate({ chatId }),
    carol.trpc.chat.leave.mutate({ chatId }),
  ]).flat();
  const outcomes = await Promise.allSettled(calls);
  const reasons = outcomes.flatMap((o) => (o.status === 'rejected' ? [(o.reason as { data?: unknown }).data] : []));
  for (const data of reasons) expect(data).toMatchObject({ reason: 'member_not_found' });
  expect(await brokenRules(app.database)).toEqual({});
});

test('of two Owners who leave and demote each other at once, one stays', async () => {
  for (let round = 0; round < 5; round++) {
    const chatId = await stage('Group', alice, bob);
    await alice.trpc.chat.setRole.mutate({ chatId, userId: bob.id, role: 'Owner' });
    await Promise.allSettled([
      alice.trpc.chat.leave.mutate({ chatId }),
      bob.trpc.chat.leave.mutate({ chatId }),
      alice.trpc.chat.setRole.mutate({ chatId, userId: bob.id, role: 'Member' }),
      bob.trpc.chat.setRole.mutate({ chatId, userId: alice.id, role: 'Admin' }),
    ]);
  }
  expect(await brokenRules(app.database)).toEqual({});
});
