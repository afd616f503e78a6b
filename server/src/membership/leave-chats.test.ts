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
type Type = 'Single' | 'Group' | 'PublicChannel';
const stage = async (workspaceId: string, chatType: Type, creator: Person, ...people: Person[]) => {
  const memberIds = people.map(({ id }) => id);
  const { id } = await creator.trpc.chat.create.mutate({ workspaceId, chatType, name: 'a chat', memberIds });
  return id;
};

test('leaving a workspace ends all memberships of its chats, then its own', async () => {
  const [{ id: workspaceId }, other] = [
    await stagedWorkspace(alice, { Member: [bob, carol] }),
    await stagedWorkspace(alice, { Member: [bob] }),
  ];
  const inOther = await stage(other.id, 'Group', alice, bob);
  const ended = [
    await stage(workspaceId, 'Group', alice, bob),
    await stage(workspaceId, 'PublicChannel', alice, bob),
    await stage(workspaceId, 'Single', carol, bob),
  ];
  const notHis = await stage(workspaceId, 'Group', alice, carol);
  const before = (await app.events()).length;
  await bob.trpc.workspace.leave.mutate({ workspaceId });

  const events = (await app.events()).slice(before);
  expect(events).toMatchObject([
    ...[...ended]
      .sort()
      .map((chatId) => ({ kind: 'member.left', chatId, seq: 2, subjectId: bob.id, workspaceSeq: null })),
    { kind: 'workspace.memberLeft', workspaceId, subjectId: bob.id },
  ]);
  const [period] = await app.database.query<{ left_seq: string }>(
    'select left_seq from workspace_members where workspace_id = $1 and user_id = $2',
    [workspaceId, bob.id],
  );
  expect(Number(period?.left_seq)).toBe(events.at(-1)?.workspaceSeq);
  expect(await bob.trpc.chat.list.query()).toMatchObject({ chats: [{ id: inOther }] });
  expect(await alice.trpc.chat.get.query({ chatId: notHis })).toMatchObject({ lastSeq: 1 });

  const [, , singleId = ''] = ended;
  expect(await carol.trpc.chat.get.query({ chatId: singleId })).toMatchObject({ name: 'bob', role: 'Member' });
  expect(await refusal(carol.trpc.message.send.mutate({ chatId: singleId, content: 'hi' }))).toMatchObject({
    reason: 'member_gone',
  });
});

test('a chat’s last Owner is succeeded by the longest-standing Admin, else Member', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice, { Member: [bob, carol, dave] });
  const byAdmin = await stage(workspaceId, 'Group', bob, carol);
  await bob.trpc.chat.addMembers.mutate({ chatId: byAdmin, userIds: [dave.id] });
  await bob.trpc.chat.setRole.mutate({ chatId: byAdmin, userId: dave.id, role: 'Admin' });
  const byMember = await stage(workspaceId, 'PublicChannel', bob);
  await bob.trpc.chat.addMembers.mutate({ chatId: byMember, userIds: [dave.id] });
  await bob.trpc.chat.addMembers.mutate({ chatId: byMember, userIds: [carol.id] });
  const byNobody = await stage(workspaceId, 'Group', bob);
  const single = await stage(workspaceId, 'Single', bob, carol);
  const notLast = await stage(workspaceId, 'Group', bob, carol, dave);
  await bob.trpc.chat.setRole.mutate({ chatId: notLast, userId: carol.id, role: 'Owner' });

  await alice.trpc.workspace.removeMember.mutate({ workspaceId, userId: bob.id });
  const endOf = async (chatId: string) =>
    (await app.events())
      .filter((event) => event.chatId === chatId)
      .slice(-2)
      .map(({ kind, subjectId, facts: { role, byId } }) => ({ kind, subjectId, role, byId }));
  const left = { kind: 'member.left', subjectId: bob.id, role: undefined, byId: alice.id };
  // A rule gave it to them, not Alice.
  const owns = { kind: 'member.updated', subjectId: dave.id, role: 'Owner', byId: undefined };
  expect(await endOf(byAdmin)).toEqual([left, owns]);
  expect(await endOf(byMember)).toEqual([left, owns]);
  for (const chatId of [byNobody, single, notLast]) expect((await endOf(chatId)).at(-1)).toEqual(left);
  expect(await dave.trpc.chat.get.query({ chatId: byAdmin })).toMatchObject({ role: 'Owner' });
  expect(await carol.trpc.chat.get.query({ chatId: single })).toMatchObject({ role: 'Member' });
});

test('a person who is added to chats while being removed from the workspace ends up in none', async () => {
  for (let round = 0; round < 6; round++) {
    const { id: workspaceId } = await stagedWorkspace(alice, { Admin: [carol], Member: [bob, dave] });
    const chatType = 'PublicChannel';
    const open = await stage(workspaceId, chatType, alice);
    const closed = await stage(workspaceId, 'Group', alice, dave);
    await Promise.allSettled([
      bob.trpc.chat.join.mutate({ chatId: open }),
      alice.trpc.chat.addMembers.mutate({ chatId: closed, userIds: [bob.id, carol.id] }),
      dave.trpc.chat.create.mutate({ workspaceId, chatType: 'Single', name: 'n', memberIds: [bob.id] }),
      bob.trpc.chat.create.mutate({ workspaceId, chatType, name: 'n', memberIds: [dave.id, carol.id] }),
      carol.trpc.workspace.removeMember.mutate({ workspaceId, userId: bob.id }),
      carol.trpc.chat.create.mutate({ workspaceId, chatType: 'Group', name: 'n', memberIds: [bob.id, dave.id] }),
      dave.trpc.workspace.leave.mutate({ workspaceId }),
    ]);
    const { members } = await alice.trpc.workspace.members.query({ workspaceId });
    expect(members.map(({ user }) => user.name).sort()).toEqual(['alice', 'carol']);
    expect((await bob.trpc.chat.list.query()).chats.filter((chat) => chat.workspaceId === workspaceId)).toEqual([]);
  }
  expect(await brokenRules(app.database)).toEqual({});
});

test('a workspace that is deleted while people join and leave has no members', async () => {
  for (let round = 0; round < 3; round++) {
    const { id: workspaceId } = await stagedWorkspace(alice, { Owner: [bob], Member: [carol] });
    const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId, role: 'Member' });
    const chatId = await stage(workspaceId, 'PublicChannel', alice, bob);
    await Promise.allSettled([
      dave.trpc.workspace.acceptInvite.mutate({ token }),
      carol.trpc.chat.join.mutate({ chatId }),
      bob.trpc.chat.create.mutate({ workspaceId, chatType: 'Group', name: 'n', memberIds: [carol.id] }),
      alice.trpc.workspace.delete.mutate({ workspaceId }),
      bob.trpc.workspace.delete.mutate({ workspaceId }),
      carol.trpc.workspace.leave.mutate({ workspaceId }),
    ]);
    for (const who of [alice, bob, carol, dave])
      expect(await refusal(who.trpc.workspace.get.query({ workspaceId }))).toMatchObject({
        reason: 'workspace_not_found',
      });
    const deleted = (await app.events()).filter((e) => e.kind === 'workspace.deleted' && e.workspaceId === workspaceId);
    expect(deleted).toHaveLength(1);
  }
  expect(await brokenRules(app.database)).toEqual({});
});
