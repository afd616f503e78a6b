import { expect, test } from 'vitest';
import { refusal, testServer } from '../testing/index.ts';
import { brokenRules } from '../testing/invariants.ts';

test('a deleted reply is not counted and keeps its number: no unread count falls below zero', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const chatId = chat.id;
  const root = await alice.trpc.message.send.mutate({ chatId, content: 'root' });
  const ref = { chatId, rootId: root.id };
  const replies = [];
  for (const content of ['one', 'two', 'three'])
    replies.push(await bob.trpc.message.send.mutate({ chatId, content, threadId: root.id }));
  const [one, two, three] = replies;
  await alice.trpc.thread.markRead.mutate({ ...ref, number: 3 });
  for (const reply of replies) await bob.trpc.message.delete.mutate({ chatId, messageId: reply.id });
  await bob.trpc.message.delete.mutate({ chatId, messageId: one?.id ?? '' });
  const seq = (three?.seq ?? 0) + 3;
  const left = await alice.trpc.thread.get.query(ref);
  expect(left).toMatchObject({ following: true, lastReadNumber: 3, unreadCount: 0 });
  expect(left.root).toMatchObject({
    version: root.version,
    thread: { version: seq, replyCount: 0, lastNumber: 3, lastReplyAt: three?.createdAt, participantIds: [bob.id] },
  });
  expect(await alice.trpc.message.list.query({ chatId, threadId: root.id })).toEqual({ messages: [], hasMore: false });
  // Without an undeleted reply it is not listed, and comes back with the next one.
  const workspaceId = chat.workspaceId;
  expect((await alice.trpc.thread.list.query({ workspaceId })).threads).toEqual([]);
  expect(await bob.trpc.message.send.mutate({ chatId, content: 'four', threadId: root.id })).toMatchObject({
    number: 4,
  });
  expect((await alice.trpc.thread.list.query({ workspaceId })).threads).toMatchObject([
    { unreadCount: 1, root: { thread: { replyCount: 1, lastNumber: 4 } } },
  ]);
  expect(await alice.trpc.chat.get.query({ chatId })).toMatchObject({ unreadCount: 0, lastNumber: 1 });
  const events = (await app.events()).filter(({ kind }) => kind === 'message.deleted');
  expect(events).toMatchObject(
    [one, two, three].map((reply) => ({ subjectId: reply?.id, facts: { threadId: root.id } })),
  );
  expect(await brokenRules(app.database)).toEqual({});
});

test('a deleted root is listed without content while it has replies, which can still be read', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const chatId = chat.id;
  const root = await alice.trpc.message.send.mutate({ chatId, content: 'root' });
  await bob.trpc.message.react.mutate({ chatId, messageId: root.id, emoji: '👍' });
  const plain = await alice.trpc.message.send.mutate({ chatId, content: 'plain' });
  const reply = await bob.trpc.message.send.mutate({ chatId, content: 'reply', threadId: root.id });
  for (const messageId of [root.id, plain.id]) await alice.trpc.message.delete.mutate({ chatId, messageId });
  const tombstone = await bob.trpc.message.get.query({ chatId, messageId: root.id });
  expect(tombstone).toMatchObject({
    content: '',
    deletedAt: expect.any(Date),
    thread: { replyCount: 1, version: reply.seq },
  });
  expect(tombstone).not.toHaveProperty('reactions');
  expect((await bob.trpc.message.list.query({ chatId })).messages).toEqual([tombstone]);
  expect((await bob.trpc.message.list.query({ chatId, ids: [root.id, plain.id] })).messages).toEqual([tombstone]);
  expect((await bob.trpc.message.list.query({ chatId, threadId: root.id })).messages).toEqual([reply]);
  expect((await alice.trpc.thread.list.query({ workspaceId: chat.workspaceId })).threads).toMatchObject([
    { root: { id: root.id, content: '' }, unreadCount: 1 },
  ]);
  const again = { chatId, content: 'late', threadId: root.id };
  expect(await refusal(bob.trpc.message.send.mutate(again))).toMatchObject({ reason: 'message_not_found' });
  const edit = { chatId, messageId: root.id, content: 'no' };
  expect(await refusal(alice.trpc.message.edit.mutate(edit))).toMatchObject({ reason: 'message_not_found' });
  await bob.trpc.message.delete.mutate({ chatId, messageId: reply.id });
  expect((await bob.trpc.message.list.query({ chatId })).messages).toEqual([]);
  for (const gone of [
    bob.trpc.message.get.query({ chatId, messageId: root.id }),
    bob.trpc.thread.get.query({ chatId, rootId: root.id }),
    bob.trpc.message.list.query({ chatId, threadId: root.id }),
  ])
    expect(await refusal(gone)).toMatchObject({ reason: 'message_not_found' });
  expect(await brokenRules(app.database)).toEqual({});
});

test('concurrent replies, deletions of them and of their root leave correct summaries', async () => {
  await using app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0' });
  const { alice, bob, carol, chat } = await app.chatOf('alice', 'bob', 'carol');
  const chatId = chat.id;
  const people = [alice, bob, carol];
  const roots: { readonly id: string }[] = [];
  for (let n = 0; n < 3; n += 1) roots.push(await alice.trpc.message.send.mutate({ chatId, content: `${n}` }));
  const replyAndDelete = async (n: number) => {
    const person = people[n % 3] ?? alice;
    const threadId = roots[n % roots.length]?.id ?? '';
    const sent = await person.trpc.message.send.mutate({ chatId, content: `${n}`, threadId }).catch(() => undefined);
    if (sent !== undefined && n % 2 === 0) await person.trpc.message.delete.mutate({ chatId, messageId: sent.id });
    await person.trpc.thread.markRead.mutate({ chatId, rootId: threadId, number: n }).catch(() => undefined);
  };
  const turns = Array.from({ length: 30 }, (_, n) => replyAndDelete(n));
  const deletion = alice.trpc.message.delete.mutate({ chatId, messageId: roots[2]?.id ?? '' });
  const following = roots.map(({ id: rootId }) =>
    carol.trpc.thread.unfollow.mutate({ chatId, rootId }).catch(() => undefined),
  );
  await Promise.all([...turns, deletion, ...following]);
  expect(await brokenRules(app.database)).toEqual({});
});
