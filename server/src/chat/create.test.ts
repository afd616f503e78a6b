import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { brokenRules } from '../testing/invariants.ts';
import { refusal, testServer } from '../testing/index.ts';
import { stagedWorkspace } from '../testing/staged-workspace.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const alice = await app.signUp('alice');
const bob = await app.signUp('bob');
const carol = await app.signUp('carol');
const { id: workspaceId } = await stagedWorkspace(alice, { Member: [bob, carol] });
const group = { workspaceId, chatType: 'Group', name: 'a chat' } as const;
const single = { ...group, chatType: 'Single' } as const;
const eventsOf = async (chatId: string) => (await app.events()).filter((event) => event.chatId === chatId);

test('the creator owns a chat, the others are Members, and all their periods begin with it', async () => {
  const made = await alice.trpc.chat.create.mutate({ ...group, memberIds: [bob.id, bob.id, alice.id] });
  expect(made).toMatchObject({ name: 'a chat', chatType: 'Group', workspaceId, version: 1 });
  expect(await eventsOf(made.id)).toMatchObject([{ kind: 'chat.created', seq: 1, workspaceSeq: null }]);
  const { members } = await bob.trpc.chat.members.query({ chatId: made.id });
  expect(new Map(members.map(({ user, role }) => [user.id, role]))).toEqual(
    new Map([
      [alice.id, 'Owner'],
      [bob.id, 'Member'],
    ]),
  );
  expect(
    await app.database.query('select distinct joined_seq from chat_members where chat_id = $1', [made.id]),
  ).toEqual([{ joined_seq: '1' }]);
  expect(await bob.trpc.chat.get.query({ chatId: made.id })).toMatchObject({
    role: 'Member',
    unreadCount: 0,
    lastSeq: 1,
  });
});

test('the whole workspace receives the event of a new public channel', async () => {
  const { id } = await bob.trpc.chat.create.mutate({ ...group, chatType: 'PublicChannel', memberIds: [] });
  const [created] = await eventsOf(id);
  expect(created).toMatchObject({ kind: 'chat.created', workspaceId, seq: 1, workspaceSeq: expect.any(Number) });
});

test('someone who is not in the workspace is not found, and nothing is created', async () => {
  const outsider = await app.signUp('outsider');
  const count = async () => (await app.database.query('select id from chats')).length;
  const before = await count();
  for (const chatType of ['Group', 'Single'] as const)
    for (const stranger of [outsider.id, randomUUID()]) {
      const memberIds = chatType === 'Single' ? [stranger] : [bob.id, stranger];
      const call = alice.trpc.chat.create.mutate({ ...group, chatType, memberIds });
      expect(await refusal(call)).toMatchObject({ code: 'NOT_FOUND', reason: 'user_not_found' });
    }
  expect(await count()).toBe(before);
});

test('more than 500 members are refused', async () => {
  const memberIds = Array.from({ length: 501 }, () => bob.id);
  expect(await refusal(alice.trpc.chat.create.mutate({ ...group, memberIds }))).toMatchObject({
    reason: 'invalid_input',
  });
});

test('a repeat with the same clientId, also at the same time, returns the same chat', async () => {
  const clientId = randomUUID();
  const input = { ...group, clientId, memberIds: [bob.id] };
  const made = await Promise.all(Array.from({ length: 6 }, () => alice.trpc.chat.create.mutate(input)));
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  const again = await alice.trpc.chat.create.mutate(input);
  expect(again).toEqual(made[0]);
  expect(await eventsOf(again.id)).toHaveLength(1);
  const bobs = await bob.trpc.chat.create.mutate({ ...input, memberIds: [] });
  expect(bobs.id).not.toBe(again.id);
});

test('a repeat returns the chat although a member has left the workspace; for a caller who cannot see it, it is not found', async () => {
  const dave = await app.signUp('dave');
  const own = await stagedWorkspace(alice, { Member: [bob, dave] });
  const input = { ...group, workspaceId: own.id, clientId: randomUUID(), memberIds: [alice.id, dave.id] };
  const made = await bob.trpc.chat.create.mutate(input);
  await dave.trpc.workspace.leave.mutate({ workspaceId: own.id });
  expect(await bob.trpc.chat.create.mutate(input)).toEqual(made);
  await bob.trpc.chat.delete.mutate({ chatId: made.id });
  expect(await refusal(bob.trpc.chat.create.mutate(input))).toMatchObject({ reason: 'chat_not_found' });
});

test('a Single chat has one other person, exists once, and has the name of that person', async () => {
  for (const memberIds of [[], [alice.id], [bob.id, carol.id]])
    expect(await refusal(alice.trpc.chat.create.mutate({ ...single, memberIds }))).toMatchObject({
      reason: 'invalid_input',
    });
  const made = await alice.trpc.chat.create.mutate({ ...single, memberIds: [bob.id] });
  expect(made).toMatchObject({ name: 'bob', chatType: 'Single' });
  const fromBob = await bob.trpc.chat.create.mutate({ ...single, name: 'other', memberIds: [alice.id, bob.id] });
  expect(fromBob).toMatchObject({ id: made.id, name: 'alice' });
  expect(await eventsOf(made.id)).toMatchObject([{ kind: 'chat.created' }]);
  expect(await bob.trpc.chat.get.query({ chatId: made.id })).toMatchObject({ role: 'Member', otherUserId: alice.id });
  const elsewhere = await stagedWorkspace(alice, { Member: [bob] });
  const other = await alice.trpc.chat.create.mutate({ ...single, workspaceId: elsewhere.id, memberIds: [bob.id] });
  expect(other.id).not.toBe(made.id);
});

test('two people who begin their Single chat at once get the same one', async () => {
  for (let round = 0; round < 5; round++) {
    const { id } = await stagedWorkspace(alice, { Member: [bob] });
    const made = await Promise.all(
      [alice, bob, alice, bob].map((who) =>
        who.trpc.chat.create.mutate({
          ...single,
          workspaceId: id,
          clientId: randomUUID(),
          memberIds: [who === alice ? bob.id : alice.id],
        }),
      ),
    );
    expect(new Set(made.map((chat) => chat.id)).size).toBe(1);
    expect(await eventsOf(made[0]?.id ?? '')).toHaveLength(1);
  }
});

test('a Single chat keeps what it is', async () => {
  const { id: chatId } = await alice.trpc.chat.create.mutate({ ...single, memberIds: [carol.id] });
  const { chat } = alice.trpc;
  const calls = [
    chat.update.mutate({ chatId, name: 'n' }),
    chat.delete.mutate({ chatId }),
    chat.addMembers.mutate({ chatId, userIds: [bob.id] }),
    chat.removeMember.mutate({ chatId, userId: carol.id }),
    chat.setRole.mutate({ chatId, userId: carol.id, role: 'Admin' }),
    chat.leave.mutate({ chatId }),
  ];
  for (const data of await Promise.all(calls.map(refusal)))
    expect(data).toMatchObject({ code: 'FORBIDDEN', reason: 'single_chat_fixed' });
  expect(await refusal(bob.trpc.chat.leave.mutate({ chatId }))).toMatchObject({ reason: 'chat_not_found' });
});

test('a person who left the workspace is in the Single chat again when either creates it again', async () => {
  for (const creator of ['stayed', 'left'] as const) {
    const { id } = await stagedWorkspace(alice, { Member: [bob] });
    const input = { ...single, workspaceId: id };
    const fromAlice = () => alice.trpc.chat.create.mutate({ ...input, memberIds: [bob.id] });
    const { id: chatId } = await fromAlice();
    await bob.trpc.workspace.leave.mutate({ workspaceId: id });
    expect(await refusal(fromAlice())).toMatchObject({ reason: 'user_not_found' });
    expect(await alice.trpc.chat.get.query({ chatId })).toMatchObject({ name: 'bob', lastSeq: 2 });

    const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId: id, role: 'Member' });
    await bob.trpc.workspace.acceptInvite.mutate({ token });
    expect(await refusal(bob.trpc.chat.get.query({ chatId }))).toMatchObject({ reason: 'chat_not_found' });
    const again = () =>
      creator === 'stayed' ? fromAlice() : bob.trpc.chat.create.mutate({ ...input, memberIds: [alice.id] });
    await Promise.all([again(), again()]);
    expect(await eventsOf(chatId)).toMatchObject([
      { kind: 'chat.created', seq: 1 },
      { kind: 'member.left', seq: 2, subjectId: bob.id },
      { kind: 'member.joined', seq: 3, subjectId: bob.id, facts: { role: 'Member' } },
    ]);
    expect(await bob.trpc.chat.get.query({ chatId })).toMatchObject({ name: 'alice', lastReadSeq: 3, unreadCount: 0 });
  }
  expect(await brokenRules(app.database)).toEqual({});
});

test('a removed member does not come back by the clientId of a Single chat, whatever workspace they name', async () => {
  const own = await stagedWorkspace(alice, { Member: [bob] });
  const bobs = await stagedWorkspace(bob);
  const input = { ...single, workspaceId: own.id, clientId: randomUUID(), memberIds: [alice.id] };
  const { id: chatId } = await bob.trpc.chat.create.mutate(input);
  await alice.trpc.workspace.removeMember.mutate({ workspaceId: own.id, userId: bob.id });
  const before = await eventsOf(chatId);
  expect(await refusal(bob.trpc.chat.create.mutate({ ...input, workspaceId: bobs.id }))).toMatchObject({
    reason: 'client_id_reused',
  });
  expect(await refusal(bob.trpc.chat.create.mutate(input))).toMatchObject({ reason: 'workspace_not_found' });
  expect(await eventsOf(chatId)).toEqual(before);
  expect(await refusal(bob.trpc.message.send.mutate({ chatId, content: 'hi' }))).toMatchObject({
    reason: 'chat_not_found',
  });
  expect(await brokenRules(app.database)).toEqual({});
});

test('a clientId that was used with another name, type, workspace or other members is refused, whatever changed since', async () => {
  const own = await stagedWorkspace(alice, { Member: [bob, carol] });
  const other = await stagedWorkspace(alice, { Member: [bob, carol] });
  const input = { ...group, workspaceId: own.id, clientId: randomUUID(), memberIds: [bob.id, carol.id] };
  const made = await alice.trpc.chat.create.mutate(input);
  await alice.trpc.chat.update.mutate({ chatId: made.id, name: 'renamed' });
  await alice.trpc.chat.removeMember.mutate({ chatId: made.id, userId: carol.id });
  const same = { ...input, memberIds: [carol.id, bob.id, alice.id, bob.id] };
  expect(await alice.trpc.chat.create.mutate(same)).toMatchObject({ id: made.id, name: 'renamed' });
  for (const changed of [
    { name: 'renamed' },
    { chatType: 'PrivateChannel' as const },
    { workspaceId: other.id },
    { memberIds: [bob.id] },
  ])
    expect(await refusal(alice.trpc.chat.create.mutate({ ...input, ...changed }))).toMatchObject({
      code: 'CONFLICT',
      reason: 'client_id_reused',
    });
});
