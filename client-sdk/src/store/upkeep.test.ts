import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { createOutbox } from '../outbox/create-outbox.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { counted, held, late } from '../testing/calls.ts';
import { tampering } from '../testing/tampering.ts';
import { type Person, quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';
import type { Store } from './store.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

const chatsOf = async ({ client }: Person, workspaceId: string, count: number, memberIds: string[]) => {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const input = { name: `chat ${index}`, chatType: 'Group' as const, workspaceId, memberIds };
    ids.push((await client.chat.create.mutate(input)).id);
  }
  return ids;
};
const isLoaded = (store: Store, chatId: string) => store.messages(chatId).getSnapshot().isLoaded;
/** Opens a history and leaves it again. */
const visit = async (store: Store, chatId: string) => {
  const leave = store.messages(chatId).subscribe(() => {});
  await until(() => isLoaded(store, chatId), 'the first page');
  leave();
};

test('after a reset only watched slices are read again', async () => {
  const { alice, bob, workspaceId, chatId } = await scene.chatOf('alice', 'bob');
  const others = await chatsOf(alice, workspaceId, 6, [bob.id]);
  const list = counted('message.list', tampering({ always: 'lost' }));
  const members = counted('chat.members', list.fetch);
  const device = await bob.device({ fetch: members.fetch });
  const store = createStore(device.client, { backoff: quick.backoff });
  await store.ready;
  store.messages(chatId).subscribe(() => {});
  store.members(chatId).subscribe(() => {});
  for (const id of others) {
    await visit(store, id);
    const leave = store.members(id).subscribe(() => {});
    await until(() => store.members(id).getSnapshot() !== undefined, 'its members');
    leave();
  }
  const before = [list.count, members.count];
  for (const content of ['lost', 'seen']) await alice.client.message.send.mutate({ chatId, content });
  await until(() => store.messages(chatId).getSnapshot().entries.length === 2, 'what was lost');
  const [other = ''] = others;
  await alice.client.message.send.mutate({ chatId: other, content: 'meanwhile' });
  await until(() => store.chat(other).getSnapshot()?.lastMessage?.content === 'meanwhile', 'the event');
  expect([list.count, members.count]).toEqual(before.map((count) => count + 1));
  expect(isLoaded(store, other)).toBe(false);
  await visit(store, other);
  expect(store.messages(other).getSnapshot().entries).toMatchObject([{ content: 'meanwhile' }]);
  store.close();
});

test('a slice that is watched before the store is ready is read once', async () => {
  const { bob, workspaceId, chatId } = await scene.chatOf('alice', 'bob');
  const calls = counted('message.list');
  const device = await bob.device({ fetch: calls.fetch });
  const store = createStore(device.client, { backoff: quick.backoff });
  for (const slice of [store.messages(chatId), store.members(chatId), store.workspaceMembers(workspaceId)])
    slice.subscribe(() => {});
  await until(() => isLoaded(store, chatId), 'the first page');
  await until(
    () =>
      [store.members(chatId), store.workspaceMembers(workspaceId)].every((list) => list.getSnapshot()?.length === 2),
    'who is in both',
  );
  expect(calls.count).toBe(1);
  store.close();
});

test('unwatched histories are dropped, the least recently watched first', async () => {
  const { alice, bob, workspaceId } = await scene.workspaceOf('alice', 'bob');
  const chats = await chatsOf(alice, workspaceId, 4, [bob.id]);
  for (const chatId of chats) await alice.client.message.send.mutate({ chatId, content: 'hi' });
  const store = createStore(bob.client, { backoff: quick.backoff, idleMax: 2 });
  await store.ready;
  const [first = '', second = '', third = '', fourth = ''] = chats;
  for (const chatId of [first, second, third, first, fourth]) await visit(store, chatId);
  expect(chats.map((chatId) => isLoaded(store, chatId))).toEqual([true, false, false, true]);
  const handle = store.messages(second);
  handle.subscribe(() => {});
  await until(() => handle.getSnapshot().isLoaded, 'it is read again');
  await alice.client.message.send.mutate({ chatId: second, content: 'again' });
  await until(() => handle.getSnapshot().entries.length === 2, 'and followed');
  store.close();
});

test('a read that is refused late is repeated if it was asked for again meanwhile', async () => {
  const { alice, bob, workspaceId } = await scene.chatOf('alice', 'bob');
  const asked = held('workspace.get');
  const lateCalls = late('workspace.get', asked.fetch);
  const device = await bob.device({ fetch: lateCalls.fetch });
  const store = createStore(device.client, { backoff: quick.backoff });
  await store.ready;
  const removeBob = () => alice.client.workspace.removeMember.mutate({ workspaceId, userId: bob.id });
  const bringBob = async () => {
    const { token } = await alice.client.workspace.invite.mutate({ workspaceId, role: 'Member' });
    await bob.client.workspace.acceptInvite.mutate({ token });
  };
  await removeBob();
  await bringBob();
  await asked.waiting(1);
  await removeBob();
  asked.release();
  await lateCalls.responded(1);
  await bringBob();
  // Everything before this chat has arrived.
  const [chatId = ''] = await chatsOf(alice, workspaceId, 1, [bob.id]);
  await until(() => store.chat(chatId).getSnapshot() !== undefined, 'the chat');
  expect(store.workspaces.getSnapshot()).toEqual([]);
  lateCalls.release();
  await until(() => store.workspaces.getSnapshot().length === 1, 'the workspace');
  expect(store.workspaces.getSnapshot()).toMatchObject([{ id: workspaceId }]);
  store.close();
});

test('a history whose reading is refused late is read again if its person is back', async () => {
  const { alice, bob, workspaceId, chatId } = await scene.chatOf('alice', 'bob');
  await alice.client.message.send.mutate({ chatId, content: 'hello' });
  const asked = held('message.list');
  const lateCalls = late('message.list', asked.fetch);
  const device = await bob.device({ fetch: lateCalls.fetch });
  const store = createStore(device.client, { backoff: quick.backoff });
  await store.ready;
  store.messages(chatId).subscribe(() => {});
  await asked.waiting(1);
  await alice.client.chat.removeMember.mutate({ chatId, userId: bob.id });
  asked.release();
  await lateCalls.responded(1);
  await alice.client.chat.addMembers.mutate({ chatId, userIds: [bob.id] });
  // Everything before this chat has arrived.
  const [other = ''] = await chatsOf(alice, workspaceId, 1, [bob.id]);
  await until(() => store.chat(other).getSnapshot() !== undefined, 'the chat');
  lateCalls.release();
  await until(() => isLoaded(store, chatId), 'the history');
  expect(store.messages(chatId).getSnapshot().entries).toMatchObject([{ content: 'hello' }]);
  store.close();
});

test('a closed store no longer listens to its outbox', async () => {
  const { alice } = await scene.chatOf('alice', 'bob');
  const outbox = createOutbox(alice.client, { backoff: quick.backoff });
  let listeners = 0;
  const countedSubscribe =
    <A extends unknown[]>(subscribe: (...args: A) => () => void) =>
    (...args: A) => {
      listeners += 1;
      const stop = subscribe(...args);
      return () => {
        listeners -= 1;
        stop();
      };
    };
  const { unsent } = outbox;
  const own: Partial<Outbox> = {
    onSent: countedSubscribe(outbox.onSent.bind(outbox)),
    unsent: { getSnapshot: unsent.getSnapshot, subscribe: countedSubscribe(unsent.subscribe) },
    hurry: () => outbox.hurry(),
  };
  const watched = new Proxy(outbox, {
    get: (target, name) => Reflect.get(name in own ? own : target, name) as unknown,
  });
  const store = createStore(alice.client, { outbox: watched, backoff: quick.backoff });
  await store.ready;
  expect(listeners).toBe(2);
  store.close();
  expect(listeners).toBe(0);
  outbox.close();
});
