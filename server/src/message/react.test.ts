import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { rgiEmoji } from '../reaction/rgi-emoji.ts';
import { refusal, testServer } from '../testing/index.ts';
import { brokenRules } from '../testing/invariants.ts';

test('a reaction is shown to everyone, is one change of the message, and changes no unread count', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const chatId = chat.id;
  const sent = await alice.trpc.message.send.mutate({ chatId, content: 'hi' });
  const before = await alice.trpc.chat.get.query({ chatId });
  const reacted = await bob.trpc.message.react.mutate({ chatId, messageId: sent.id, emoji: '❤' });
  const reactions = [{ emoji: '❤️', count: 1, userIds: [bob.id] }];
  expect(reacted).toEqual({ ...sent, version: sent.seq + 1, reactions, myReactions: ['❤️'] });
  expect((await bob.trpc.message.list.query({ chatId })).messages).toEqual([reacted]);
  const { myReactions: _, ...forOthers } = reacted;
  expect((await alice.trpc.message.list.query({ chatId })).messages).toEqual([forOthers]);
  expect((await app.events()).at(-1)).toMatchObject({
    kind: 'message.reacted',
    chatId,
    seq: sent.seq + 1,
    subjectId: sent.id,
    facts: { userId: bob.id, emoji: '❤️', isAdded: true },
  });
  const after = await alice.trpc.chat.get.query({ chatId });
  expect(after).toEqual({ ...before, lastSeq: before.lastSeq + 1 });
  expect(await alice.trpc.message.edit.mutate({ chatId, messageId: sent.id, content: 'ho' })).toMatchObject({
    reactions,
  });
  expect(await brokenRules(app.database)).toEqual({});
});

test('a repeated reaction is no change and no event, and neither is removing a missing one', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const { id: messageId } = await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'hi' });
  const reaction = { chatId: chat.id, messageId, emoji: '👍' };
  const first = await alice.trpc.message.react.mutate(reaction);
  expect(await alice.trpc.message.react.mutate(reaction)).toEqual(first);
  expect(await alice.trpc.message.unreact.mutate({ ...reaction, emoji: '🎉' })).toEqual(first);
  const { reactions: _, myReactions: __, ...plain } = first;
  expect(await alice.trpc.message.unreact.mutate(reaction)).toEqual({ ...plain, version: first.version + 1 });
  const events = (await app.events()).filter(({ kind }) => kind === 'message.reacted');
  expect(events.map(({ facts }) => facts.isAdded)).toEqual([true, false]);
  const [row] = await app.database.query('select parts from messages where id = $1', [messageId]);
  expect(row).toEqual({ parts: null });
});

test('kinds are in the order of their first use, people in the order of theirs', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const { id: messageId } = await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'hi' });
  const ref = { chatId: chat.id, messageId };
  await bob.trpc.message.react.mutate({ ...ref, emoji: '👍' });
  await alice.trpc.message.react.mutate({ ...ref, emoji: '🎉' });
  await alice.trpc.message.react.mutate({ ...ref, emoji: '👍' });
  await bob.trpc.message.unreact.mutate({ ...ref, emoji: '👍' });
  await bob.trpc.message.react.mutate({ ...ref, emoji: '👍' });
  const { reactions } = await bob.trpc.message.react.mutate({ ...ref, emoji: '🎉' });
  expect(reactions).toEqual([
    { emoji: '👍', count: 2, userIds: [alice.id, bob.id] },
    { emoji: '🎉', count: 2, userIds: [alice.id, bob.id] },
  ]);
  const reactors = (emoji: string, cursor?: string) =>
    alice.trpc.message.reactors.query({ ...ref, emoji, limit: 1, cursor });
  const page = await reactors('👍');
  expect(page.users).toMatchObject([{ id: alice.id, fullName: 'alice' }]);
  expect(await reactors('👍', page.nextCursor ?? '')).toMatchObject({ users: [{ id: bob.id }], nextCursor: null });
  expect(await reactors('🎈')).toEqual({ users: [], nextCursor: null });
});

test('a 21st kind is refused, one of the 20 is not', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const { id: messageId } = await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'hi' });
  const ref = { chatId: chat.id, messageId };
  for (const emoji of rgiEmoji.slice(0, 20)) await alice.trpc.message.react.mutate({ ...ref, emoji });
  expect(await refusal(bob.trpc.message.react.mutate({ ...ref, emoji: rgiEmoji[20] ?? '' }))).toMatchObject({
    reason: 'too_many_reactions',
    code: 'CONFLICT',
  });
  await bob.trpc.message.react.mutate({ ...ref, emoji: rgiEmoji[19] ?? '' });
  expect(await brokenRules(app.database)).toEqual({});
});

test('reacting is refused without permission, for deleted messages and for text that is no emoji', async () => {
  await using app = await testServer();
  const { alice, bob, carol, workspace } = await app.workspaceOf('alice', 'bob', 'carol');
  const stranger = await app.signUp('stranger');
  const { id: chatId } = await alice.trpc.chat.create.mutate({
    name: 'c',
    chatType: 'PublicChannel',
    workspaceId: workspace.id,
    memberIds: [bob.id],
  });
  const { id: messageId } = await bob.trpc.message.send.mutate({ chatId, content: 'hi' });
  const reasons = async ({ trpc }: { trpc: typeof bob.trpc }, more: { messageId?: string; emoji?: string } = {}) => {
    const input = { chatId, messageId, emoji: '👍', ...more };
    const calls = [trpc.message.react.mutate(input), trpc.message.unreact.mutate(input)];
    return [...new Set(await Promise.all(calls.map(async (call) => (await refusal(call))?.reason)))];
  };
  expect(await reasons({ trpc: app.anonymous })).toEqual(['not_signed_in']);
  expect(await reasons(stranger)).toEqual(['chat_not_found']);
  expect(await reasons(stranger, { emoji: 'x' })).toEqual(['chat_not_found']);
  expect(await reasons(carol)).toEqual(['not_a_member']);
  expect(await reasons(bob, { messageId: uuidv7() })).toEqual(['message_not_found']);
  expect(await reasons(bob, { messageId: uuidv7(), emoji: 'x' })).toEqual(['message_not_found']);
  expect(await refusal(bob.trpc.message.react.mutate({ chatId, messageId, emoji: ':party:' }))).toMatchObject({
    reason: 'not_an_emoji',
  });
  expect(await reasons(bob, { emoji: ':Party:' })).toEqual(['not_an_emoji']);
  await alice.trpc.message.react.mutate({ chatId, messageId, emoji: '👍' });
  expect((await carol.trpc.message.reactors.query({ chatId, messageId, emoji: '👍' })).users).toHaveLength(1);
  expect(await refusal(stranger.trpc.message.reactors.query({ chatId, messageId, emoji: '👍' }))).toMatchObject({
    reason: 'chat_not_found',
  });
  await bob.trpc.message.delete.mutate({ chatId, messageId });
  expect(await reasons(bob)).toEqual(['message_not_found']);
  expect(await app.database.query('select from reactions')).toEqual([]);
  expect(await brokenRules(app.database)).toEqual({});
});
