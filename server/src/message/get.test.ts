import { limits } from '@fechatter/contract';
import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { refusal, testServer } from '../testing/index.ts';

test('a message is read by its id, as a list shows it, until it is deleted', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const sent = await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'here' });
  const ref = { chatId: chat.id, messageId: sent.id };
  await bob.trpc.message.react.mutate({ ...ref, emoji: '👍' });
  const [listed] = (await bob.trpc.message.list.query({ chatId: chat.id })).messages;
  expect(await bob.trpc.message.get.query(ref)).toEqual(listed);
  expect(listed).toMatchObject({ id: sent.id, myReactions: ['👍'] });
  await alice.trpc.message.delete.mutate(ref);
  expect(await refusal(bob.trpc.message.get.query(ref))).toMatchObject({
    code: 'NOT_FOUND',
    reason: 'message_not_found',
  });
});

test('messages by id are listed newest first, without deleted, foreign and unknown ones', async () => {
  await using app = await testServer();
  const { alice, bob, chat, workspace } = await app.chatOf('alice', 'bob');
  const send = async (chatId: string, content: string) =>
    (await alice.trpc.message.send.mutate({ chatId, content })).id;
  const other = await alice.trpc.chat.create.mutate({
    name: 'other',
    chatType: 'Group',
    workspaceId: workspace.id,
    memberIds: [bob.id],
  });
  const [first, second, third] = [await send(chat.id, '1'), await send(chat.id, '2'), await send(chat.id, '3')];
  const elsewhere = await send(other.id, 'elsewhere');
  await alice.trpc.message.delete.mutate({ chatId: chat.id, messageId: second });
  const ids = [first, elsewhere, uuidv7(), second, third, first];
  const page = await bob.trpc.message.list.query({ chatId: chat.id, ids, limit: 1 });
  expect(page.messages.map(({ id }) => id)).toEqual([third, first]);
  expect(page.hasMore).toBe(false);
  const none = await bob.trpc.message.list.query({ chatId: chat.id, ids: [uuidv7()] });
  expect(none).toEqual({ messages: [], hasMore: false });

  const list = (input: object) => bob.trpc.message.list.query({ chatId: chat.id, ...input });
  expect(await refusal(list({ ids: [first], before: third }))).toMatchObject({ reason: 'before_and_after' });
  for (const bad of [[], Array.from({ length: limits.messageIdsMax + 1 }, () => uuidv7()), ['x']])
    expect(await refusal(list({ ids: bad }))).toMatchObject({ reason: 'invalid_input' });
  const stranger = await app.signUp('stranger');
  expect(await refusal(stranger.trpc.message.list.query({ chatId: chat.id, ids: [first] }))).toMatchObject({
    reason: 'chat_not_found',
  });
  const overRest = await fetch(`${app.url}/api/chats/${chat.id}/messages?ids=${first}&ids=${third}`, {
    headers: { authorization: `Bearer ${bob.session.token}` },
  });
  const { messages } = (await overRest.json()) as { messages: { id: string }[] };
  expect(messages.map(({ id }) => id)).toEqual([third, first]);
});
