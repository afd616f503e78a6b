import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { late } from '../testing/calls.ts';
import { tampering } from '../testing/tampering.ts';
import { type Person, quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';
import type { History } from './history.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

const send = (person: Person, chatId: string, content: string, threadId?: string) =>
  person.client.message.send.mutate({ chatId, content, ...(threadId !== undefined && { threadId }) });
const contents = (history: History) => history.getSnapshot().entries.map(({ content }) => content);

async function storeOf(person: Person) {
  const store = createStore(person.client, { pageSize: 4, windowMax: 8, backoff: quick.backoff });
  await store.ready;
  return store;
}

test('a thread pages, sends and catches up like a chat, and its chat shows none of its replies', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const root = await send(alice, chatId, 'root');
  for (let n = 1; n <= 10; n += 1) await send(bob, chatId, `${n}`, root.id);
  const store = await storeOf(alice);
  const [main, thread] = [store.messages(chatId), store.thread(chatId, root.id)];
  main.subscribe(() => {});
  thread.subscribe(() => {});
  await until(() => contents(thread).join() === '7,8,9,10', 'the newest page');
  await until(() => contents(main).join() === 'root', 'the chat');
  await thread.loadOlder();
  expect(contents(thread)).toEqual(['3', '4', '5', '6', '7', '8', '9', '10']);
  await thread.toNumber(1);
  expect(contents(thread)).toEqual(['1', '2', '3']);
  expect(thread.getSnapshot()).toMatchObject({ hasOlder: false, hasNewer: true });
  await thread.toNewest();
  alice.toServer.cut();
  const { sent } = store.send(chatId, 'mine', root.id);
  expect(contents(thread).at(-1)).toBe('mine');
  expect(contents(main)).toEqual(['root']);
  alice.toServer.restore();
  expect(await sent).toMatchObject({ threadId: root.id, number: 11 });
  alice.toNotify.cut();
  await send(bob, chatId, '12', root.id);
  alice.toNotify.restore();
  await until(() => contents(thread).slice(-2).join() === 'mine,12', 'what came meanwhile');
  const shown = () => main.getSnapshot().entries[0]?.message?.thread;
  await until(() => shown()?.replyCount === 12, 'the root has the count');
  const truth = await alice.client.message.get.query({ chatId, messageId: root.id });
  expect(main.getSnapshot().entries[0]?.message).toEqual(truth);
  expect(store.chat(chatId).getSnapshot()).toEqual(await alice.client.chat.get.query({ chatId }));
  store.close();
});

test('followed threads show unread counts that follow reads, replies, unfollows and new replies', async () => {
  const { alice, bob, workspaceId, chatId } = await scene.chatOf('alice', 'bob');
  const store = await storeOf(alice);
  const threads = store.threads(workspaceId);
  expect(threads.getSnapshot()).toBeUndefined();
  threads.subscribe(() => {});
  await until(() => threads.getSnapshot()?.length === 0, 'it was read');
  const [one, two] = [await send(alice, chatId, 'one'), await send(bob, chatId, 'two')];
  await send(bob, chatId, 'r1', one.id);
  const shown = () =>
    threads
      .getSnapshot()
      ?.map(({ root, unreadCount }) => `${root.content} ${unreadCount}`)
      .join();
  await until(() => shown() === 'one 1', 'the author follows');
  await store.followThread(chatId, two.id);
  await send(bob, chatId, 'r1', two.id);
  await until(() => shown() === 'two 1,one 1', 'followed before the first reply');
  await send(bob, chatId, 'r2', one.id);
  await until(() => shown() === 'one 2,two 1', 'the latest reply first');
  await alice.client.thread.markRead.mutate({ chatId, rootId: one.id, number: 1 });
  await until(() => shown() === 'one 1,two 1', 'read on another device');
  await store.markThreadRead(chatId, one.id);
  expect(shown()).toBe('one 0,two 1');
  const last = await send(alice, chatId, 'mine', two.id);
  await until(() => shown() === 'two 0,one 0', 'an own reply reads');
  await alice.client.message.delete.mutate({ chatId, messageId: last.id });
  await until(() => threads.getSnapshot()?.[0]?.root.thread?.replyCount === 1, 'the deletion');
  const truth = async () => (await alice.client.thread.list.query({ workspaceId })).threads;
  expect(threads.getSnapshot()).toEqual(await truth());
  await store.followThread(chatId, one.id, false);
  await until(() => shown() === 'two 0', 'unfollowed');
  await store.followThread(chatId, one.id);
  await until(() => shown() === 'two 0,one 0', 'followed again');
  expect(threads.getSnapshot()).toEqual(await truth());
  await bob.client.workspace.leave.mutate({ workspaceId });
  await alice.client.chat.leave.mutate({ chatId }).catch(() => {});
  store.close();
});

test('a deleted root stays as long as it has replies, also when it is purged', async () => {
  const { alice, bob, workspaceId, chatId } = await scene.chatOf('alice', 'bob');
  await alice.client.workspace.setRetention.mutate({ workspaceId, days: 30 });
  const store = await storeOf(bob);
  const history = store.messages(chatId);
  history.subscribe(() => {});
  const threads = store.threads(workspaceId);
  threads.subscribe(() => {});
  const [one, two] = [await send(alice, chatId, 'one'), await send(bob, chatId, 'two')];
  const reply = await send(bob, chatId, 'reply', one.id);
  await send(alice, chatId, 'old', two.id);
  await until(() => contents(history).join() === 'one,two', 'both');
  await alice.client.message.delete.mutate({ chatId, messageId: one.id });
  await until(() => contents(history).join() === ',two', 'the tombstone');
  const truth = async () => (await bob.client.message.list.query({ chatId })).messages.toReversed();
  const shown = () => history.getSnapshot().entries.map(({ message }) => message);
  expect(shown()).toEqual(await truth());
  await bob.client.message.delete.mutate({ chatId, messageId: reply.id });
  await until(() => contents(history).join() === 'two', 'nothing is left of it');
  await send(alice, chatId, 'three');
  await send(alice, chatId, 'young', two.id);
  await until(() => contents(history).join() === 'two,three', 'all is there');
  await scene.purge(chatId, 3);
  await until(() => contents(history).join() === '', 'the purge');
  await until(async () => JSON.stringify(shown()) === JSON.stringify(await truth()), 'the time of the purge');
  expect(shown()).toEqual(await truth());
  expect(shown()).toMatchObject([{ id: two.id, content: '', thread: { replyCount: 1, lastNumber: 2 } }]);
  const listed = async () => (await bob.client.thread.list.query({ workspaceId })).threads;
  await until(async () => JSON.stringify(threads.getSnapshot()) === JSON.stringify(await listed()), 'the list');
  store.close();
});

test('a list whose response is late includes what happened meanwhile, without chats that were left', async () => {
  const calls = late('thread.list');
  const { alice, bob, workspaceId, chatId } = await scene.chatOf('alice', 'bob');
  const root = await send(bob, chatId, 'root');
  await send(alice, chatId, 'r1', root.id);
  const device = await bob.device({ fetch: calls.fetch });
  const store = await storeOf(device);
  const threads = store.threads(workspaceId);
  threads.subscribe(() => {});
  await calls.responded(1);
  const other = await send(bob, chatId, 'other');
  for (const { id } of [root, other]) await send(alice, chatId, 'late', id);
  await until(() => (store.chat(chatId).getSnapshot()?.lastSeq ?? 0) >= other.seq + 2, 'the events');
  calls.release();
  await until(() => threads.getSnapshot()?.length === 2, 'both');
  expect(threads.getSnapshot()).toEqual((await bob.client.thread.list.query({ workspaceId })).threads);
  await bob.client.chat.leave.mutate({ chatId });
  await until(() => threads.getSnapshot()?.length === 0, 'left');
  store.close();
});

test('mentions in a followed thread appear, change with edits and deletions, and end by reading', async () => {
  const calls = late('thread.markRead');
  const { alice, bob, workspaceId, chatId } = await scene.chatOf('alice', 'bob');
  const device = await alice.device({ fetch: calls.fetch });
  const store = await storeOf(device);
  const threads = store.threads(workspaceId);
  threads.subscribe(() => {});
  const root = await send(alice, chatId, 'root');
  const one = await send(bob, chatId, 'one', root.id);
  const shown = () => threads.getSnapshot()?.[0]?.mentionNumbers.join();
  await until(() => shown() === '', 'the author follows');
  await send(bob, chatId, `<@${alice.id}>`, root.id);
  await until(() => shown() === '2', 'by name');
  const three = await send(bob, chatId, '<!everyone>', root.id);
  await until(() => shown() === '2,3', 'as everyone');
  await bob.client.message.edit.mutate({ chatId, messageId: one.id, content: `<@${alice.id}>` });
  await until(() => shown() === '1,2,3', 'by an edit');
  await bob.client.message.delete.mutate({ chatId, messageId: three.id });
  await until(() => shown() === '1,2', 'a deletion');
  const truth = async () => (await alice.client.thread.list.query({ workspaceId })).threads;
  expect(threads.getSnapshot()).toEqual(await truth());
  const marked = store.markThreadRead(chatId, root.id, 1);
  await calls.responded(1);
  await bob.client.message.edit.mutate({ chatId, messageId: one.id, content: 'nobody' });
  const four = await send(bob, chatId, `<@${alice.id}>`, root.id);
  await until(() => (store.chat(chatId).getSnapshot()?.lastSeq ?? 0) >= four.seq, 'the events');
  calls.release();
  await marked;
  expect(shown()).toBe('2,4');
  expect(threads.getSnapshot()).toEqual(await truth());
  store.close();
});

test('after a reset a thread is read again from the service', async () => {
  const { alice, bob, workspaceId, chatId } = await scene.chatOf('alice', 'bob');
  const swallowed = ['"content":"lost"', '"kind":"message.saved"', '"kind":"thread.read"'];
  const fetch = tampering((frame) => isDeaf && swallowed.some((part) => frame.includes(part)));
  let isDeaf = false;
  const device = await alice.device({ fetch });
  const store = await storeOf(device);
  const root = await send(alice, chatId, 'root');
  await send(bob, chatId, 'reply', root.id);
  const [row, threads] = [store.threadRow(chatId, root.id), store.threads(workspaceId)];
  row.subscribe(() => {});
  threads.subscribe(() => {});
  await until(() => row.getSnapshot()?.following === true && threads.getSnapshot()?.length === 1, 'the thread');
  isDeaf = true;
  await alice.client.message.save.mutate({ chatId, messageId: root.id });
  // As after a restore: the service's state is older than the known one.
  await scene.database.query(
    'update thread_follows set is_following = false, mark_version = 0 where user_id = $1 and root_id = $2',
    [alice.id, root.id],
  );
  for (const content of ['lost', 'seen']) await send(bob, chatId, content);
  await until(() => row.getSnapshot()?.root.isSaved === true, 'the read');
  expect(row.getSnapshot()).toEqual(await alice.client.thread.get.query({ chatId, rootId: root.id }));
  await until(() => threads.getSnapshot()?.length === 0, 'it is not followed');
  store.close();
});
