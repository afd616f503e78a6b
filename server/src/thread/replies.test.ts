import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { refusal, testServer } from '../testing/index.ts';
import { brokenRules } from '../testing/invariants.ts';

test('a reply is counted only by its thread, and its root has the count in every read', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const chatId = chat.id;
  const send = (person: typeof alice, content: string, threadId?: string) =>
    person.trpc.message.send.mutate({ chatId, content, ...(threadId !== undefined && { threadId }) });
  const root = await send(alice, 'root');
  const before = await alice.trpc.chat.get.query({ chatId });
  const first = await send(bob, 'first', root.id);
  expect(first).toMatchObject({ threadId: root.id, number: 1, seq: root.seq + 1, version: root.seq + 1 });
  expect(first).not.toHaveProperty('thread');
  const second = await send(alice, 'second', root.id);
  expect(second).toMatchObject({ threadId: root.id, number: 2, seq: root.seq + 2 });
  expect(await alice.trpc.chat.get.query({ chatId })).toEqual({ ...before, lastSeq: second.seq });
  expect(await bob.trpc.chat.get.query({ chatId })).toMatchObject({ lastNumber: 1, unreadCount: 1, lastReadNumber: 0 });
  const thread = {
    version: second.seq,
    replyCount: 2,
    lastNumber: 2,
    lastReplyAt: second.createdAt,
    participantIds: [alice.id, bob.id],
  };
  const shown = { ...root, thread };
  const next = await send(bob, 'next');
  expect(next).toMatchObject({ number: 2, seq: second.seq + 1 });
  expect((await bob.trpc.message.list.query({ chatId })).messages).toEqual([next, shown]);
  expect(await bob.trpc.message.get.query({ chatId, messageId: root.id })).toEqual(shown);
  expect(await bob.trpc.message.get.query({ chatId, messageId: first.id })).toEqual(first);
  expect(await bob.trpc.message.list.query({ chatId, ids: [first.id, root.id] })).toEqual({
    messages: [first, shown],
    hasMore: false,
  });
  expect(await bob.trpc.message.list.query({ chatId, threadId: root.id })).toEqual({
    messages: [second, first],
    hasMore: false,
  });
  const events = (await app.events()).filter(({ kind }) => kind === 'message.created');
  expect(events.map(({ facts }) => facts)).toEqual([{}, { threadId: root.id }, { threadId: root.id }, {}]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('replies to several roots and plain messages of one batch are numbered each in its timeline', async () => {
  await using app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0' });
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const chatId = chat.id;
  const roots = [];
  for (const content of ['a', 'b']) roots.push(await alice.trpc.message.send.mutate({ chatId, content }));
  const threads = [undefined, roots[0]?.id, roots[1]?.id];
  const sent = await Promise.all(
    Array.from({ length: 18 }, (_, n) => {
      const threadId = threads[n % 3];
      const person = n % 2 === 0 ? alice : bob;
      return person.trpc.message.send.mutate({ chatId, content: `${n}`, ...(threadId && { threadId }) });
    }),
  );
  const numbersOf = (threadId: string | undefined) =>
    sent.filter((message) => message.threadId === threadId).toSorted((x, y) => x.seq - y.seq).map(({ number }) => number); // biome-ignore format: one line
  expect(numbersOf(undefined)).toEqual([3, 4, 5, 6, 7, 8]);
  for (const root of roots) expect(numbersOf(root.id)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('a thread is of an undeleted message of the main timeline of this chat', async () => {
  await using app = await testServer();
  const { alice, bob, chat, workspace } = await app.chatOf('alice', 'bob');
  const chatId = chat.id;
  const other = await alice.trpc.chat.create.mutate({
    name: 'other',
    chatType: 'Group',
    workspaceId: workspace.id,
    memberIds: [],
  });
  const elsewhere = await alice.trpc.message.send.mutate({ chatId: other.id, content: 'elsewhere' });
  const root = await alice.trpc.message.send.mutate({ chatId, content: 'root' });
  const gone = await alice.trpc.message.send.mutate({ chatId, content: 'gone' });
  await alice.trpc.message.delete.mutate({ chatId, messageId: gone.id });
  const reply = await bob.trpc.message.send.mutate({ chatId, content: 'reply', threadId: root.id });
  const send = (threadId: string) => bob.trpc.message.send.mutate({ chatId, content: 'no', threadId });
  const page = (threadId: string) => bob.trpc.message.list.query({ chatId, threadId });
  const get = (rootId: string) => bob.trpc.thread.get.query({ chatId, rootId });
  const follow = (rootId: string) => bob.trpc.thread.follow.mutate({ chatId, rootId });
  const markRead = (rootId: string) => bob.trpc.thread.markRead.mutate({ chatId, rootId, number: 1 });
  for (const use of [send, page, get, follow, markRead]) {
    for (const id of [elsewhere.id, gone.id, uuidv7()])
      expect(await refusal(use(id))).toMatchObject({ code: 'NOT_FOUND', reason: 'message_not_found' });
    expect(await refusal(use(reply.id))).toMatchObject({ code: 'BAD_REQUEST', reason: 'not_a_root' });
  }
  for (const threadId of ['', 'x', `${root.id} `])
    expect(await refusal(send(threadId))).toMatchObject({ reason: 'invalid_input' });
  expect(await page(root.id)).toMatchObject({ messages: [{ id: reply.id }] });
  expect(await brokenRules(app.database)).toEqual({});
});

test('a repeat covers the thread: the same text elsewhere is another message', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const chatId = chat.id;
  const [one, two] = [uuidv7(), uuidv7()];
  const root = await alice.trpc.message.send.mutate({ chatId, content: 'root' });
  const reply = { chatId, content: 'hi', clientId: one, threadId: root.id };
  const first = await alice.trpc.message.send.mutate(reply);
  expect(await alice.trpc.message.send.mutate(reply)).toEqual(first);
  const plain = { chatId, content: 'hi', clientId: two };
  await alice.trpc.message.send.mutate(plain);
  for (const reused of [
    { ...reply, threadId: uuidv7() },
    { ...plain, clientId: one },
    { ...plain, threadId: root.id },
  ])
    expect(await refusal(alice.trpc.message.send.mutate(reused))).toMatchObject({ reason: 'client_id_reused' });
  await alice.trpc.message.delete.mutate({ chatId, messageId: root.id });
  expect(await alice.trpc.message.send.mutate(reply)).toEqual(first);
  expect(await brokenRules(app.database)).toEqual({});
});

test('pages of each timeline have anchors, numbers and sides of their own', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const chatId = chat.id;
  const send = (content: string, threadId?: string) =>
    alice.trpc.message.send.mutate({ chatId, content, ...(threadId !== undefined && { threadId }) });
  const root = await send('m1');
  const replies = [];
  for (let n = 1; n <= 5; n += 1) {
    replies.push(await send(`r${n}`, root.id));
    await send(`m${n + 1}`);
  }
  const main = (await alice.trpc.message.list.query({ chatId })).messages.toReversed();
  expect(main.map(({ content }) => content)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6']);
  const page = async (input: object) => {
    const { messages, ...rest } = await alice.trpc.message.list.query({ chatId, ...input });
    return [messages.map(({ content }) => content), rest];
  };
  const threadId = root.id;
  expect(await page({ threadId, limit: 2 })).toEqual([['r5', 'r4'], { hasMore: true }]);
  expect(await page({ threadId, limit: 2, before: replies[2]?.id })).toEqual([['r2', 'r1'], { hasMore: false }]);
  expect(await page({ threadId, limit: 2, after: replies[2]?.id })).toEqual([['r5', 'r4'], { hasMore: false }]);
  const both = { hasMore: true, hasBefore: true, hasAfter: true };
  for (const around of [{ around: replies[2]?.id }, { aroundNumber: 3 }]) {
    expect(await page({ threadId, limit: 3, ...around })).toEqual([['r4', 'r3', 'r2'], both]);
    expect(await page({ threadId, limit: 1, ...around })).toEqual([['r3'], both]);
  }
  for (let number = 1; number <= 6; number += 1) {
    expect(await page({ limit: 1, aroundNumber: number })).toMatchObject([[`m${number}`], {}]);
    if (number <= 5)
      expect(await page({ threadId, limit: 1, aroundNumber: number })).toMatchObject([[`r${number}`], {}]);
  }
  expect(await page({ threadId, limit: 2, aroundNumber: 0 })).toMatchObject([
    ['r1'],
    { hasBefore: false, hasAfter: true },
  ]);
  expect(await page({ threadId, limit: 2, aroundNumber: 99 })).toMatchObject([['r5'], { hasAfter: false }]);
  for (const from of ['before', 'after', 'around'])
    for (const input of [{ [from]: replies[0]?.id }, { threadId, [from]: root.id }, { threadId, [from]: main[1]?.id }])
      expect(await refusal(page(input))).toMatchObject({ code: 'NOT_FOUND', reason: 'message_not_found' });
});

test('a reader of a public channel who is not a member reads its threads, and cannot reply', async () => {
  await using app = await testServer();
  const { alice, bob, workspace } = await app.workspaceOf('alice', 'bob');
  const { id: chatId } = await alice.trpc.chat.create.mutate({
    name: 'open',
    chatType: 'PublicChannel',
    workspaceId: workspace.id,
    memberIds: [],
  });
  const root = await alice.trpc.message.send.mutate({ chatId, content: 'root' });
  const ref = { chatId, rootId: root.id };
  await alice.trpc.message.send.mutate({ chatId, content: 'reply', threadId: root.id });
  expect(await bob.trpc.thread.get.query(ref)).toMatchObject({ following: false, lastReadNumber: 1, unreadCount: 0 });
  expect(await bob.trpc.message.list.query({ chatId, threadId: root.id })).toMatchObject({ messages: [{ number: 1 }] });
  for (const refused of [
    bob.trpc.thread.follow.mutate(ref),
    bob.trpc.thread.unfollow.mutate(ref),
    bob.trpc.thread.markRead.mutate({ ...ref, number: 1 }),
    bob.trpc.message.send.mutate({ chatId, content: 'no', threadId: root.id }),
  ])
    expect(await refusal(refused)).toMatchObject({ code: 'FORBIDDEN', reason: 'not_a_member' });
});
