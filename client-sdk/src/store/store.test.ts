import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { PASSWORD, type Person, quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';
import type { History } from './history.ts';
import type { Store, StoreOptions } from './store.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

const storeOf = async ({ client }: Person, options: StoreOptions = {}): Promise<Store> => {
  const store = createStore(client, { backoff: quick.backoff, ...options });
  await store.ready;
  return store;
};
const send = async ({ client }: Person, chatId: string, ...contents: string[]) => {
  for (const content of contents) await client.message.send.mutate({ chatId, content });
};
const contents = (history: History) => history.getSnapshot().entries.map(({ content }) => content);
const opened = async (store: Store, chatId: string): Promise<History> => {
  const history = store.messages(chatId);
  history.subscribe(() => {});
  await until(() => history.getSnapshot().isLoaded, 'the first page');
  return history;
};
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

test('a chat, its messages and its unread count appear without a reload', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const store = await storeOf(bob);
  const history = await opened(store, chatId);
  await send(alice, chatId, 'hi', 'there');
  await until(() => contents(history).length === 2, 'two messages');
  expect(contents(history)).toEqual(['hi', 'there']);
  expect(store.unread.getSnapshot()).toMatchObject({ total: 2, byChat: new Map([[chatId, 2]]) });
  await store.markRead(chatId);
  expect(store.unread.getSnapshot().total).toBe(0);
  expect(store.chats.getSnapshot()[0]).toMatchObject({ id: chatId, lastMessage: { content: 'there' } });
  store.close();
});

test('a snapshot is the same object until its content changes', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const store = await storeOf(bob);
  const history = await opened(store, chatId);
  const [chats, view] = [store.chats.getSnapshot(), history.getSnapshot()];
  expect(store.chats.getSnapshot()).toBe(chats);
  expect(history.getSnapshot()).toBe(view);
  await send(alice, chatId, 'news');
  await until(() => store.chats.getSnapshot() !== chats && history.getSnapshot() !== view, 'new snapshots');
  expect(view.entries).toEqual([]);
  store.close();
});

test('an own message is shown at once and once, whether its response or its event comes first', async () => {
  const { alice, chatId } = await scene.chatOf('alice', 'bob');
  const store = await storeOf(alice);
  const history = await opened(store, chatId);
  const seen: number[] = [];
  history.subscribe(() => seen.push(history.getSnapshot().entries.length));
  const { sent, clientId } = store.send(chatId, 'mine');
  expect(history.getSnapshot().entries).toMatchObject([
    { key: clientId, state: 'pending', content: 'mine', message: null },
  ]);
  const message = await sent;
  await until(() => store.chat(chatId).getSnapshot()?.lastMessage?.id === message.id, 'the event');
  expect(history.getSnapshot().entries).toMatchObject([{ key: clientId, state: 'sent', message: { id: message.id } }]);
  expect(new Set(seen)).toEqual(new Set([1]));
  expect(store.unread.getSnapshot().total).toBe(0);
  store.close();
});

test('pages load in both directions without gaps, and the far end is dropped', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  await send(alice, chatId, ...range(1, 60));
  const store = await storeOf(bob, { pageSize: 10, windowMax: 25 });
  const history = await opened(store, chatId);
  expect(contents(history)).toEqual(range(51, 60));
  await history.loadOlder();
  await history.loadOlder();
  expect(contents(history)).toEqual(range(31, 55));
  expect(history.getSnapshot()).toMatchObject({ hasOlder: true, hasNewer: true });
  await send(alice, chatId, '61');
  await until(() => store.chat(chatId).getSnapshot()?.lastNumber === 61, 'the event');
  expect(contents(history)).toEqual(range(31, 55));
  await history.loadNewer();
  expect(contents(history)).toEqual(range(37, 61));
  expect(history.getSnapshot()).toMatchObject({ hasOlder: true, hasNewer: false });
  for (let page = 0; page < 6; page += 1) await history.loadOlder();
  expect(contents(history)).toEqual(range(1, 25));
  expect(history.getSnapshot()).toMatchObject({ hasOlder: false, hasNewer: true });
  await history.toNewest();
  expect(contents(history)).toEqual(range(52, 61));
  store.close();
});

test('edits and deletions change the shown messages', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const store = await storeOf(bob);
  const history = await opened(store, chatId);
  const [first, second] = [
    await alice.client.message.send.mutate({ chatId, content: 'one' }),
    await alice.client.message.send.mutate({ chatId, content: 'two' }),
  ];
  await alice.client.message.edit.mutate({ chatId, messageId: first.id, content: 'one!' });
  await alice.client.message.delete.mutate({ chatId, messageId: second.id });
  await until(() => store.chat(chatId).getSnapshot()?.lastMessage?.deletedAt != null, 'the deletion');
  expect(contents(history)).toEqual(['one!']);
  await bob.client.user.update.mutate({ fullName: 'Robert' });
  await alice.client.user.update.mutate({ fullName: 'Alicia' });
  await until(() => history.getSnapshot().entries[0]?.message?.sender.name === 'Alicia', 'the new name');
  store.close();
});

test('members of a chat are read when they are watched, and kept up to date', async () => {
  const { alice, bob, carol, workspaceId } = await scene.workspaceOf('alice', 'bob', 'carol');
  const input = { name: 'g', chatType: 'Group' as const, workspaceId, memberIds: [bob.id] };
  const store = await storeOf(bob);
  const { id: chatId } = await alice.client.chat.create.mutate(input);
  await until(() => store.chat(chatId).getSnapshot(), 'the new chat');
  const members = store.members(chatId);
  members.subscribe(() => {});
  const names = () =>
    members
      .getSnapshot()
      ?.map(({ user }) => user.name)
      .sort();
  await until(() => names()?.length === 2, 'two members');
  await alice.client.chat.addMembers.mutate({ chatId, userIds: [carol.id] });
  await until(() => names()?.length === 3, 'three members');
  await alice.client.chat.removeMember.mutate({ chatId, userId: bob.id });
  await until(() => store.chats.getSnapshot().length === 0, 'the chat has gone');
  expect(members.getSnapshot()).toBeUndefined();
  store.close();
});

test('a store shares its connection with other listeners, and is empty after a sign-out', async () => {
  const { bob } = await scene.chatOf('alice', 'bob');
  const store = await storeOf(bob);
  await until(() => store.connection.getSnapshot().status === 'live', 'live');
  const others = new AbortController();
  bob.client.subscribe({ onEvent: () => {}, signal: others.signal });
  expect(bob.toNotify.open).toBe(1);
  expect(store.chats.getSnapshot()).toHaveLength(1);
  await bob.client.auth.signout.mutate();
  await until(() => store.connection.getSnapshot().status === 'ended', 'ended');
  expect(store.chats.getSnapshot()).toEqual([]);
  others.abort();
});

test('a store that starts offline loads once the service can be reached', async () => {
  const { bob } = await scene.chatOf('alice', 'bob');
  bob.toServer.cut();
  bob.toNotify.cut();
  const store = createStore(bob.client, { backoff: quick.backoff });
  await until(() => store.connection.getSnapshot().status === 'reconnecting', 'trying');
  bob.toServer.restore();
  bob.toNotify.restore();
  await store.ready;
  expect(store.chats.getSnapshot()).toHaveLength(1);
  await until(() => store.connection.getSnapshot().status === 'live', 'live');
  store.close();
});

test('purged messages are removed, and paging does not load earlier ones again', async () => {
  const { alice, bob, workspaceId, chatId } = await scene.chatOf('alice', 'bob');
  await alice.client.workspace.setRetention.mutate({ workspaceId, days: 30 });
  await send(alice, chatId, ...range(1, 30));
  const store = await storeOf(bob, { pageSize: 10 });
  const history = await opened(store, chatId);
  await history.loadOlder();
  expect(contents(history)).toEqual(range(11, 30));
  await scene.purge(chatId, 15);
  await until(() => contents(history).length === 15, 'the purge');
  expect(contents(history)).toEqual(range(16, 30));
  await history.loadOlder();
  expect(history.getSnapshot()).toMatchObject({ hasOlder: false });
  expect(contents(history)).toEqual(range(16, 30));
  expect(store.unread.getSnapshot().total).toBe(30);
  await scene.purge(chatId, 30);
  await until(() => store.chat(chatId).getSnapshot()?.lastMessage?.content === '', 'the newest is purged');
  expect(contents(history)).toEqual([]);
  await send(alice, chatId, '31');
  await until(() => contents(history).length === 1, 'what is sent afterwards');
  expect(store.connection.getSnapshot().counts).toMatchObject({ gap: 0, duplicate: 0 });
  store.close();
});

test('an erased person leaves no word and no name behind', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  await send(bob, chatId, 'his', 'too');
  await send(alice, chatId, 'hers');
  const store = await storeOf(alice);
  const history = await opened(store, chatId);
  const members = store.members(chatId);
  members.subscribe(() => {});
  await until(() => members.getSnapshot()?.length === 2, 'both are in');
  await bob.client.user.erase.mutate({ password: PASSWORD, confirmation: 'erase' });
  await until(() => members.getSnapshot()?.length === 1 && contents(history).length === 1, 'he is gone');
  expect(contents(history)).toEqual(['hers']);
  expect(store.connection.getSnapshot().counts).toMatchObject({ gap: 0, duplicate: 0 });
  store.close();
});
