import { limits } from '@fechatter/contract';
import { expect, test } from 'vitest';
import { type TestServer, testServer } from '../testing/index.ts';
import { brokenRules } from '../testing/invariants.ts';

const eventsFor = async (app: TestServer, userId: string) =>
  (await app.events()).filter((event) => event.kind === 'thread.read' && event.userId === userId);

test('the author follows from the first reply, a replier from their own reply, others by calling follow', async () => {
  await using app = await testServer();
  const { alice, bob, carol, chat } = await app.chatOf('alice', 'bob', 'carol');
  const chatId = chat.id;
  const root = await alice.trpc.message.send.mutate({ chatId, content: 'root' });
  const ref = { chatId, rootId: root.id };
  const reply = (person: typeof alice, content: string) =>
    person.trpc.message.send.mutate({ chatId, content, threadId: root.id });
  const first = await reply(bob, 'one');
  const get = (person: typeof alice) => person.trpc.thread.get.query(ref);
  const { root: shown, ...ofAlice } = await get(alice);
  expect(shown).toMatchObject({ id: root.id, thread: { replyCount: 1 } });
  const mark = { markVersion: first.seq, markSeq: first.seq, mentionNumbers: [] };
  expect(ofAlice).toEqual({ following: true, lastReadNumber: 0, unreadCount: 1, ...mark });
  expect(await get(bob)).toMatchObject({ following: true, lastReadNumber: 1, unreadCount: 0 });
  expect(await get(carol)).toMatchObject({ following: false, lastReadNumber: 1, unreadCount: 0 });
  const second = await reply(bob, 'two');
  expect(await carol.trpc.thread.follow.mutate(ref)).toMatchObject({
    following: true,
    lastReadNumber: 2,
    unreadCount: 0,
    markVersion: second.seq,
    markSeq: second.seq,
  });
  await reply(alice, 'three');
  expect(await get(alice)).toMatchObject({ lastReadNumber: 3, unreadCount: 0, ...mark });
  expect(await get(bob)).toMatchObject({ lastReadNumber: 2, unreadCount: 1, ...mark });
  expect(await get(carol)).toMatchObject({ lastReadNumber: 2, unreadCount: 1 });
  for (const { id } of [alice, bob, carol])
    expect(await eventsFor(app, id)).toMatchObject([{ chatId, subjectId: root.id }]);
  await carol.trpc.thread.follow.mutate(ref);
  expect(await eventsFor(app, carol.id)).toHaveLength(1);
  expect(await brokenRules(app.database)).toEqual({});
});

test('a follower of a message without replies receives the first reply, also after all were deleted', async () => {
  await using app = await testServer();
  const { alice, bob, carol, chat } = await app.chatOf('alice', 'bob', 'carol');
  const chatId = chat.id;
  const root = await alice.trpc.message.send.mutate({ chatId, content: 'root' });
  const reply = () => bob.trpc.message.send.mutate({ chatId, content: 'reply', threadId: root.id });
  await carol.trpc.thread.follow.mutate({ chatId, rootId: root.id });
  const { id: messageId } = await reply();
  expect(await eventsFor(app, carol.id)).toHaveLength(2);
  await reply();
  expect(await eventsFor(app, carol.id)).toHaveLength(2);
  const { messages } = await bob.trpc.message.list.query({ chatId, threadId: root.id });
  for (const { id } of messages) await bob.trpc.message.delete.mutate({ chatId, messageId: id });
  expect(messages.map(({ id }) => id)).toContain(messageId);
  await reply();
  expect((await eventsFor(app, carol.id)).map(({ subjectId }) => subjectId)).toEqual([root.id, root.id, root.id]);
  expect(await eventsFor(app, bob.id)).toHaveLength(2);
});

test('a mark moves forward only, no further than the newest, with one event', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const chatId = chat.id;
  const root = await alice.trpc.message.send.mutate({ chatId, content: 'root' });
  for (let n = 0; n < 3; n += 1) await bob.trpc.message.send.mutate({ chatId, content: `${n}`, threadId: root.id });
  const markRead = (number: number) => alice.trpc.thread.markRead.mutate({ chatId, rootId: root.id, number });
  const begun = await alice.trpc.thread.get.query({ chatId, rootId: root.id });
  const version = begun.markVersion;
  expect(await markRead(0)).toEqual(begun);
  expect(await markRead(2)).toMatchObject({
    lastReadNumber: 2,
    unreadCount: 1,
    markVersion: version + 1,
    markSeq: root.seq + 3,
  });
  expect(await markRead(1)).toMatchObject({ lastReadNumber: 2, markVersion: version + 1 });
  expect(await markRead(1_000)).toMatchObject({ lastReadNumber: 3, unreadCount: 0, markVersion: version + 2 });
  expect(await markRead(1_000)).toMatchObject({ lastReadNumber: 3, markVersion: version + 2 });
  expect(await eventsFor(app, alice.id)).toHaveLength(3);
  const unread = await bob.trpc.chat.get.query({ chatId });
  expect(unread).toMatchObject({ unreadCount: 1, lastReadNumber: 0 });
});

test('unfollowing persists until an own reply or following again', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const chatId = chat.id;
  const reply = (person: typeof alice, threadId: string) =>
    person.trpc.message.send.mutate({ chatId, content: 'reply', threadId });
  const root = await alice.trpc.message.send.mutate({ chatId, content: 'root' });
  const ref = { chatId, rootId: root.id };
  // Before the first reply.
  expect(await alice.trpc.thread.unfollow.mutate(ref)).toMatchObject({ following: false, unreadCount: 0 });
  await reply(bob, root.id);
  expect(await alice.trpc.thread.get.query(ref)).toMatchObject({ following: false, lastReadNumber: 1, unreadCount: 0 });
  const { markVersion } = await alice.trpc.thread.follow.mutate(ref);
  await reply(bob, root.id);
  expect(await alice.trpc.thread.get.query(ref)).toMatchObject({ following: true, unreadCount: 1 });
  expect(await alice.trpc.thread.unfollow.mutate(ref)).toMatchObject({ unreadCount: 0, markVersion: markVersion + 1 });
  expect((await alice.trpc.thread.list.query({ workspaceId: chat.workspaceId })).threads).toEqual([]);
  await alice.trpc.thread.markRead.mutate({ ...ref, number: 2 });
  await reply(alice, root.id);
  expect(await alice.trpc.thread.get.query(ref)).toMatchObject({
    following: true,
    lastReadNumber: 3,
    markVersion: markVersion + 2,
  });
  expect(await eventsFor(app, alice.id)).toHaveLength(4);
  expect(await brokenRules(app.database)).toEqual({});
});

test('following ends with the membership: a person who rejoins follows nothing, and no mark is below zero', async () => {
  await using app = await testServer();
  const { alice, bob, chat, workspace } = await app.chatOf('alice', 'bob');
  const chatId = chat.id;
  const root = await bob.trpc.message.send.mutate({ chatId, content: 'root' });
  const ref = { chatId, rootId: root.id };
  await alice.trpc.message.send.mutate({ chatId, content: 'one', threadId: root.id });
  expect((await bob.trpc.thread.list.query({ workspaceId: workspace.id })).threads).toMatchObject([{ unreadCount: 1 }]);
  await bob.trpc.chat.leave.mutate({ chatId });
  expect(await app.database.query('select 1 from thread_follows where user_id = $1', [bob.id])).toEqual([]);
  expect((await bob.trpc.thread.list.query({ workspaceId: workspace.id })).threads).toEqual([]);
  await alice.trpc.message.send.mutate({ chatId, content: 'two', threadId: root.id });
  await alice.trpc.chat.addMembers.mutate({ chatId, userIds: [bob.id] });
  await alice.trpc.message.send.mutate({ chatId, content: 'three', threadId: root.id });
  const back = await bob.trpc.thread.get.query(ref);
  expect(back).toMatchObject({ following: false, lastReadNumber: 3, unreadCount: 0 });
  await bob.trpc.message.send.mutate({ chatId, content: 'four', threadId: root.id });
  expect(await bob.trpc.thread.get.query(ref)).toMatchObject({ following: true, lastReadNumber: 4, unreadCount: 0 });
  await bob.trpc.workspace.leave.mutate({ workspaceId: workspace.id });
  expect(await app.database.query('select 1 from thread_follows where user_id = $1', [bob.id])).toEqual([]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('over the limit of followed threads, the one without a reply for the longest is unfollowed, with an event', async () => {
  await using app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0' });
  const { alice, bob, chat, workspace } = await app.chatOf('alice', 'bob');
  const chatId = chat.id;
  const stillest = await alice.trpc.message.send.mutate({ chatId, content: 'stillest' });
  await bob.trpc.message.send.mutate({ chatId, content: 'reply', threadId: stillest.id });
  await bob.trpc.thread.follow.mutate({ chatId, rootId: stillest.id });
  await app.database.query(
    `with made as (
       insert into threads (root_id, version, reply_count, last_number, last_reply_at, participant_ids)
       select gen_random_uuid(), 1, 1, 1, clock_timestamp(), '{}' from generate_series(2, $4::int) returning root_id)
     insert into thread_follows (user_id, chat_id, root_id, workspace_id, is_following, last_read_number, mark_version, mark_seq)
     select $1, $2, root_id, $3, true, 1, 1, 1 from made`,
    [bob.id, chatId, workspace.id, limits.threadsFollowedMax],
  );
  const before = await bob.trpc.thread.get.query({ chatId, rootId: stillest.id });
  expect(before).toMatchObject({ following: true });
  const root = await alice.trpc.message.send.mutate({ chatId, content: 'root' });
  await bob.trpc.message.send.mutate({ chatId, content: 'reply', threadId: root.id });
  expect(await bob.trpc.thread.get.query({ chatId, rootId: root.id })).toMatchObject({ following: true });
  const gone = { following: false, markVersion: before.markVersion + 1 };
  expect(await bob.trpc.thread.get.query({ chatId, rootId: stillest.id })).toMatchObject(gone);
  expect((await eventsFor(app, bob.id)).map(({ subjectId }) => subjectId)).toEqual([stillest.id, root.id, stillest.id]);
  const [count] = await app.database.query('select count(*)::int as count from thread_follows where user_id = $1 and is_following', [bob.id]); // biome-ignore format: one line
  expect(count).toEqual({ count: limits.threadsFollowedMax });
});
