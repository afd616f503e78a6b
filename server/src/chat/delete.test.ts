import { afterAll, expect, test } from 'vitest';
import { brokenRules } from '../testing/invariants.ts';
import { refusal, testServer } from '../testing/index.ts';
import { stagedWorkspace } from '../testing/staged-workspace.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const alice = await app.signUp('alice');
const bob = await app.signUp('bob');
const { id: workspaceId } = await stagedWorkspace(alice, { Member: [bob] });
const make = (chatType: 'Group' | 'PublicChannel' = 'Group', of = workspaceId) =>
  alice.trpc.chat.create.mutate({ workspaceId: of, chatType, name: 'a chat', memberIds: [bob.id] });

test('a new name is one event, for the whole workspace if the channel is public', async () => {
  const { id: chatId } = await make('PublicChannel');
  const renamed = await alice.trpc.chat.update.mutate({ chatId, name: 'new name' });
  expect(renamed).toMatchObject({ id: chatId, name: 'new name', version: 2 });
  expect(renamed.updatedAt.getTime()).toBeGreaterThan(renamed.createdAt.getTime());
  expect((await app.events()).at(-1)).toMatchObject({
    kind: 'chat.updated',
    chatId,
    seq: 2,
    workspaceId,
    workspaceSeq: expect.any(Number),
  });
  expect(await alice.trpc.chat.update.mutate({ chatId, name: 'new name' })).toEqual(renamed);
  const group = await make();
  await alice.trpc.chat.update.mutate({ chatId: group.id, name: 'new name' });
  expect((await app.events()).at(-1)).toMatchObject({ kind: 'chat.updated', seq: 2, workspaceSeq: null });
});

test('a deleted chat is not found at once by anyone', async () => {
  for (const chatType of ['Group', 'PublicChannel'] as const) {
    const { id: chatId } = await make(chatType);
    await alice.trpc.message.send.mutate({ chatId, content: 'text' });
    await alice.trpc.chat.delete.mutate({ chatId });
    expect((await app.events()).at(-1)).toMatchObject({
      kind: 'chat.deleted',
      chatId,
      seq: 3,
      workspaceId,
      workspaceSeq: chatType === 'Group' ? null : expect.any(Number),
    });
    const calls = [alice, bob].flatMap(({ trpc }) => [
      trpc.chat.get.query({ chatId }),
      trpc.chat.members.query({ chatId }),
      trpc.message.list.query({ chatId }),
      trpc.message.send.mutate({ chatId, content: 'more' }),
      trpc.chat.join.mutate({ chatId }),
      trpc.chat.leave.mutate({ chatId }),
      trpc.chat.delete.mutate({ chatId }),
    ]);
    for (const data of await Promise.all(calls.map(refusal))) expect(data).toMatchObject({ reason: 'chat_not_found' });
    expect((await bob.trpc.chat.list.query()).chats.map(({ id }) => id)).not.toContain(chatId);
  }
});

test('a deleted workspace and its chats are not found at once', async () => {
  const own = await stagedWorkspace(alice, { Member: [bob] });
  const { id: chatId } = await make('PublicChannel', own.id);
  await alice.trpc.workspace.delete.mutate({ workspaceId: own.id });
  const last = (await app.events()).at(-1);
  expect(last).toMatchObject({ kind: 'workspace.deleted', workspaceId: own.id, workspaceSeq: 4, chatId: null });
  expect(await refusal(bob.trpc.workspace.get.query({ workspaceId: own.id }))).toMatchObject({
    reason: 'workspace_not_found',
  });
  const calls = [
    bob.trpc.chat.get.query({ chatId }),
    bob.trpc.message.send.mutate({ chatId, content: 'more' }),
    bob.trpc.chat.markRead.mutate({ chatId, seq: 1 }),
  ];
  for (const data of await Promise.all(calls.map(refusal))) expect(data).toMatchObject({ reason: 'chat_not_found' });
  expect((await bob.trpc.chat.list.query()).chats.map(({ id }) => id)).not.toContain(chatId);
});

test('a message that races the deletion is either in the chat before it, or refused', async () => {
  for (let round = 0; round < 5; round++) {
    const { id: chatId } = await make();
    const sends = Array.from({ length: 8 }, (_, n) => bob.trpc.message.send.mutate({ chatId, content: `${n}` }));
    const [deleted, ...sent] = await Promise.allSettled([alice.trpc.chat.delete.mutate({ chatId }), ...sends]);
    expect(deleted?.status).toBe('fulfilled');
    const events = (await app.events()).filter((event) => event.chatId === chatId);
    expect(events.at(-1)?.kind).toBe('chat.deleted');
    const done = sent.filter(({ status }) => status === 'fulfilled').length;
    expect(events.filter(({ kind }) => kind === 'message.created')).toHaveLength(done);
  }
  expect(await brokenRules(app.database)).toEqual({});
});
