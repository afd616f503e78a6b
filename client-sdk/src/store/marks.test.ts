import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { counted, type Held, held } from '../testing/calls.ts';
import { quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';
import type { History } from './history.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

/** Bob with a store, in a Group to which Alice has sent `count` messages. */
async function reader(count: number, calls: Held | ReturnType<typeof counted>, options = {}) {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  for (let number = 1; number <= count; number += 1)
    await alice.client.message.send.mutate({ chatId, content: String(number) });
  const device = await bob.device({ fetch: calls.fetch });
  const store = createStore(device.client, { backoff: quick.backoff, ...options });
  await store.ready;
  const row = () => bob.client.chat.get.query({ chatId });
  return { alice, bob: device, chatId, store, row };
}
const numbers = (history: History) => history.getSnapshot().entries.map(({ content }) => Number(content));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('a mark requested while another one is in flight is sent', async () => {
  const calls = held('chat.markRead');
  const { chatId, store, row } = await reader(3, calls);
  const first = store.markRead(chatId, 1);
  await calls.waiting(1);
  const others = [store.markRead(chatId, 2), store.markRead(chatId, 3), store.markRead(chatId, 2)];
  calls.release();
  await Promise.all([first, ...others]);
  expect(await row()).toMatchObject({ unreadCount: 0, lastReadNumber: 3 });
  expect(store.chat(chatId).getSnapshot()).toMatchObject({ unreadCount: 0, lastReadNumber: 3 });
  expect(calls.count).toBe(2);
  store.close();
});

test('a mark requested offline is sent later', async () => {
  const { bob, chatId, store, row } = await reader(3, counted('chat.markRead'));
  bob.toServer.cut();
  const mark = store.markRead(chatId, 2);
  bob.toServer.restore();
  await mark;
  expect(await row()).toMatchObject({ unreadCount: 1, lastReadNumber: 2 });
  store.close();
});

test('an event that is no message requests no mark', async () => {
  const calls = counted('chat.markRead');
  const { alice, chatId, store, row } = await reader(4, calls);
  await store.markRead(chatId, 3);
  expect(await row()).toMatchObject({ unreadCount: 1, lastReadNumber: 3 });
  await store.markRead(chatId);
  const { version } = await alice.client.chat.update.mutate({ chatId, name: 'no message' });
  await until(() => store.chat(chatId).getSnapshot()?.version === version, 'the event');
  await store.markRead(chatId);
  await store.markRead(chatId, 2);
  expect(calls.count).toBe(2);
  store.close();
});

test('a refused mark rejects, and a closed store ends its marks', async () => {
  const calls = held('chat.markRead');
  const { alice, bob, chatId, store } = await reader(2, calls);
  const refused = store.markRead(chatId);
  await calls.waiting(1);
  await alice.client.chat.removeMember.mutate({ chatId, userId: bob.id });
  calls.release();
  await expect(refused).rejects.toThrow();
  const second = await reader(2, counted('chat.markRead'));
  second.bob.toServer.cut();
  const late = second.store.markRead(second.chatId);
  second.store.close();
  await expect(late).rejects.toThrow();
  store.close();
});

test('a chat opens at the first unread message, however far back', async () => {
  const { alice, chatId, store } = await reader(60, counted('message.list'), { pageSize: 10, openAt: 'firstUnread' });
  await store.markRead(chatId, 20);
  const history = store.messages(chatId);
  history.subscribe(() => {});
  await until(() => history.getSnapshot().isLoaded, 'the first page');
  expect(numbers(history)).toEqual(range(17, 26));
  expect(history.getSnapshot()).toMatchObject({ hasOlder: true, hasNewer: true });
  await alice.client.message.send.mutate({ chatId, content: '61' });
  await until(() => store.chat(chatId).getSnapshot()?.lastNumber === 61, 'the event');
  for (let page = 0; page < 4; page += 1) await history.loadNewer();
  expect(numbers(history)).toEqual(range(17, 61));
  expect(history.getSnapshot().hasNewer).toBe(false);
  await history.toNumber(3);
  expect(numbers(history)).toEqual(range(1, 8));
  await history.toFirstUnread();
  expect(numbers(history)).toEqual(range(17, 26));
  await store.markRead(chatId);
  await history.toFirstUnread();
  expect(numbers(history)).toEqual(range(52, 61));
  store.close();
});

test('a chat opens at its end where the newest page reaches back to the first unread message', async () => {
  const calls = counted('message.list');
  const { chatId, store } = await reader(30, calls, { pageSize: 10, openAt: 'firstUnread' });
  await store.markRead(chatId, 20);
  const history = store.messages(chatId);
  history.subscribe(() => {});
  await until(() => history.getSnapshot().isLoaded, 'the first page');
  expect(numbers(history)).toEqual(range(21, 30));
  await history.toNumber(25);
  expect(numbers(history)).toEqual(range(21, 30));
  expect(calls.count).toBe(1);
  store.close();
});

test('a mark that another device moved back is moved back here, and the last own request wins', async () => {
  const calls = held('chat.markRead');
  const { alice, bob, chatId, store, row } = await reader(5, calls);
  const { messages } = await bob.client.message.list.query({ chatId });
  const idOf = (number: number) => messages.find((message) => message.number === number)?.id ?? '';
  const shown = () => store.chat(chatId).getSnapshot();
  const first = store.markRead(chatId, 5);
  await calls.waiting(1);
  const last = store.markUnread(chatId, idOf(2));
  calls.release();
  await Promise.all([first, last]);
  expect(shown()).toMatchObject({ unreadCount: 4, lastReadNumber: 1, markVersion: 2 });
  await bob.client.chat.markUnread.mutate({ chatId, messageId: idOf(1) });
  await until(() => shown()?.markVersion === 3, 'the event');
  expect(shown()).toEqual(await row());
  // After the move: sending marks it as read.
  await bob.client.message.send.mutate({ chatId, content: '6' });
  await until(() => shown()?.lastNumber === 6, 'the message');
  expect(shown()).toMatchObject({ unreadCount: 0, lastReadNumber: 6, markVersion: 3 });
  await alice.client.message.delete.mutate({ chatId, messageId: idOf(3) });
  await expect(store.markUnread(chatId, idOf(3))).rejects.toThrow();
  store.close();
});
