import { afterAll, expect, test } from 'vitest';
import { type Person, refusal, testServer } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const { ann, bob, carol, dan, chat, workspace } = await app.chatOf('ann', 'bob', 'carol', 'dan');

const groupOf = async (chatType: 'Group' | 'PublicChannel', ...others: Person[]) => {
  const memberIds = others.map(({ id }) => id);
  return ann.trpc.chat.create.mutate({ name: 'a chat', chatType, workspaceId: workspace.id, memberIds });
};
const eventsIn = async (chatId: string) =>
  (await app.events()).filter((event) => event.kind === 'chat.updated' && event.chatId === chatId);

test('an archived chat refuses sends, edits, reactions and joins; it can be read, left and deleted as before', async () => {
  const { id: chatId } = await groupOf('PublicChannel', bob, carol);
  const clientId = '0198f0e2-7c1a-7000-8000-0000000000aa';
  const sent = await bob.trpc.message.send.mutate({ chatId, content: 'before', clientId });
  const ref = { chatId, messageId: sent.id };
  await bob.trpc.message.react.mutate({ ...ref, emoji: '👍' });
  expect(await refusal(bob.trpc.chat.archive.mutate({ chatId }))).toMatchObject({ reason: 'role_too_low' });
  const archived = await ann.trpc.chat.archive.mutate({ chatId });
  expect(archived).toMatchObject({ id: chatId, archivedAt: expect.any(Date) });
  expect(await ann.trpc.chat.archive.mutate({ chatId })).toEqual(archived);

  const refused = [
    bob.trpc.message.send.mutate({ chatId, content: 'after' }),
    bob.trpc.message.edit.mutate({ ...ref, content: 'other' }),
    bob.trpc.message.react.mutate({ ...ref, emoji: '❤' }),
    bob.trpc.message.unreact.mutate({ ...ref, emoji: '👍' }),
    dan.trpc.chat.join.mutate({ chatId }),
    ann.trpc.chat.addMembers.mutate({ chatId, userIds: [dan.id] }),
  ];
  for (const response of await Promise.all(refused.map(refusal)))
    expect(response).toMatchObject({ code: 'FORBIDDEN', reason: 'chat_archived' });
  // People who cannot send there get the same error as before.
  expect(await refusal(dan.trpc.message.send.mutate({ chatId, content: 'x' }))).toMatchObject({
    reason: 'not_a_member',
  });
  // A repeat of an earlier send still succeeds.
  expect((await bob.trpc.message.send.mutate({ chatId, content: 'before', clientId })).id).toBe(sent.id);
  expect((await carol.trpc.message.list.query({ chatId })).messages).toMatchObject([{ id: sent.id }]);
  await carol.trpc.chat.markRead.mutate({ chatId, seq: sent.seq });
  await bob.trpc.message.delete.mutate(ref);
  await carol.trpc.chat.leave.mutate({ chatId });
  expect((await dan.trpc.workspace.channels.query({ workspaceId: workspace.id })).channels).toMatchObject([
    { id: chatId, archivedAt: archived.archivedAt },
  ]);

  const open = await ann.trpc.chat.unarchive.mutate({ chatId });
  expect(open).toMatchObject({ archivedAt: null });
  expect(await ann.trpc.chat.unarchive.mutate({ chatId })).toEqual(open);
  await bob.trpc.message.send.mutate({ chatId, content: 'again' });
  await dan.trpc.chat.join.mutate({ chatId });
  expect((await eventsIn(chatId)).map(({ facts }) => facts)).toEqual([
    { changed: 'archived', byId: ann.id },
    { changed: 'unarchived', byId: ann.id },
  ]);
  await ann.trpc.chat.archive.mutate({ chatId });
  await ann.trpc.chat.delete.mutate({ chatId });
});

test('unread counts and mentions stay while a chat is archived, and continue afterwards', async () => {
  const { id: chatId } = await groupOf('Group', bob, carol);
  const row = () => carol.trpc.chat.get.query({ chatId });
  const first = await bob.trpc.message.send.mutate({ chatId, content: `<@${carol.id}>` });
  await bob.trpc.message.send.mutate({ chatId, content: 'two' });
  const before = await row();
  expect(before).toMatchObject({ unreadCount: 2, mentionNumbers: [1] });
  await ann.trpc.chat.archive.mutate({ chatId });
  expect(await row()).toMatchObject({ unreadCount: 2, mentionNumbers: [1], markVersion: before.markVersion });
  expect(await carol.trpc.chat.markRead.mutate({ chatId, number: 1 })).toMatchObject({ unreadCount: 1 });
  await ann.trpc.chat.unarchive.mutate({ chatId });
  expect(await row()).toMatchObject({ unreadCount: 1, mentionNumbers: [], lastNumber: 2 });
  await bob.trpc.message.send.mutate({ chatId, content: '<!everyone>' });
  expect(await row()).toMatchObject({ unreadCount: 2, mentionNumbers: [3], lastReadNumber: 1 });
  await carol.trpc.chat.markUnread.mutate({ chatId, messageId: first.id });
  expect(await row()).toMatchObject({ unreadCount: 3, mentionNumbers: [1, 3] });
});

test('where only Admins post the others read, react and edit; an Admin of the workspace counts in public channels', async () => {
  const { id: chatId } = await groupOf('PublicChannel', bob, carol);
  const own = await bob.trpc.message.send.mutate({ chatId, content: 'mine' });
  expect(await ann.trpc.chat.update.mutate({ chatId, whoPosts: 'Admins' })).toMatchObject({ whoPosts: 'Admins' });
  const send = (person: Person) => person.trpc.message.send.mutate({ chatId, content: 'news' });
  expect(await refusal(send(bob))).toMatchObject({ code: 'FORBIDDEN', reason: 'role_too_low' });
  await send(ann);
  await bob.trpc.message.edit.mutate({ chatId, messageId: own.id, content: 'still mine' });
  await bob.trpc.message.react.mutate({ chatId, messageId: own.id, emoji: '👍' });
  await ann.trpc.workspace.setRole.mutate({ workspaceId: workspace.id, userId: carol.id, role: 'Admin' });
  await send(carol);
  await ann.trpc.chat.setRole.mutate({ chatId, userId: bob.id, role: 'Admin' });
  await send(bob);
  // Unarchiving restores the former state.
  await ann.trpc.chat.setRole.mutate({ chatId, userId: bob.id, role: 'Member' });
  await ann.trpc.chat.archive.mutate({ chatId });
  expect(await refusal(send(ann))).toMatchObject({ reason: 'chat_archived' });
  await ann.trpc.chat.unarchive.mutate({ chatId });
  expect(await refusal(send(bob))).toMatchObject({ reason: 'role_too_low' });
  await ann.trpc.chat.update.mutate({ chatId, whoPosts: 'All' });
  await send(bob);
  expect((await eventsIn(chatId)).map(({ facts }) => facts['changed'])).toEqual([
    'posting',
    'archived',
    'unarchived',
    'posting',
  ]);
});

test('name, topic and posters change together with one event named after the first, and no change has none', async () => {
  const { id: chatId } = await groupOf('Group', bob);
  const update = (wanted: object) => ann.trpc.chat.update.mutate({ chatId, ...wanted });
  const changed = await update({ topic: 'Fish & chips', whoPosts: 'Admins' });
  expect(changed).toMatchObject({ name: 'a chat', topic: 'Fish & chips', whoPosts: 'Admins' });
  expect(await update({ topic: 'Fish & chips', name: 'a chat' })).toEqual(changed);
  expect(await update({ name: 'b', topic: null })).toMatchObject({ name: 'b', topic: null, whoPosts: 'Admins' });
  expect((await eventsIn(chatId)).map(({ facts }) => facts['changed'])).toEqual(['topic', 'name']);
  expect((await bob.trpc.chat.get.query({ chatId })).topic).toBeNull();
  for (const bad of [
    {},
    { topic: '' },
    { topic: '\u200b' },
    { topic: 'two\nlines' },
    { topic: 'x'.repeat(251) },
    { whoPosts: 'Some' },
  ])
    expect(await refusal(update(bad))).toMatchObject({ reason: 'invalid_input' });
  expect(await refusal(bob.trpc.chat.update.mutate({ chatId, topic: 'x' }))).toMatchObject({ reason: 'role_too_low' });
});

test('archiving while sends are under way: each is sent before it or refused after it', async () => {
  const { id: chatId } = await groupOf('Group', bob, carol);
  const sends = Array.from({ length: 60 }, (_, n) =>
    (n % 2 ? bob : carol).trpc.message.send.mutate({ chatId, content: `${n}` }).then(
      ({ seq }) => seq,
      (error: { data?: { reason?: string } }) => error.data?.reason,
    ),
  );
  const { version } = await ann.trpc.chat.archive.mutate({ chatId });
  for (const outcome of await Promise.all(sends))
    expect(typeof outcome === 'number' ? outcome < version : outcome === 'chat_archived').toBe(true);
});

test('a Single chat has neither topic nor archive', async () => {
  const { id: chatId } = await ann.trpc.chat.create.mutate({
    name: 'two',
    chatType: 'Single',
    workspaceId: workspace.id,
    memberIds: [bob.id],
  });
  const calls = [
    ann.trpc.chat.archive.mutate({ chatId }),
    ann.trpc.chat.unarchive.mutate({ chatId }),
    ann.trpc.chat.update.mutate({ chatId, topic: 'x' }),
  ];
  for (const response of await Promise.all(calls.map(refusal)))
    expect(response).toMatchObject({ reason: 'single_chat_fixed' });
  expect(chat.whoPosts).toBe('All');
});
