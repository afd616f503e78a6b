import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import type { Event } from '../events/event.ts';
import { held } from '../testing/calls.ts';
import { quick, world } from '../testing/world.ts';
import type { ChatRow, Message } from '../wire.ts';
import { applyEvent } from './apply-event.ts';
import { putChat } from './chat.ts';
import { createStore } from './create-store.ts';
import { emptyState } from './state.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

const chatId = 'c';
const row: ChatRow = {
  id: chatId, name: 'a chat', chatType: 'Group', workspaceId: 'w', topic: null, whoPosts: 'All', archivedAt: null,
  version: 1, createdAt: new Date(0), updatedAt: new Date(0), role: 'Member', otherUserId: null, lastMessage: null,
  unreadCount: 0, lastSeq: 1, lastNumber: 0, lastReadSeq: 1, lastReadNumber: 0, markVersion: 0, markSeq: 1,
  mentionNumbers: [], notifyLevel: null, mutedUntil: null,
}; // biome-ignore format: a row
const message = (number: number, mentions: Message['mentions'], senderId = 'alice'): Message => ({
  id: `m${number}`, chatId, seq: number + 1, number, version: number + 1, clientId: 'x', content: 'x',
  sender: { id: senderId, kind: 'Person', name: senderId, avatarUrl: null }, createdAt: new Date(0), editedAt: null, deletedAt: null,
  threadId: null, thread: null, reactions: [], mentions, files: [], pinnedAt: null, quotedId: null, data: null, myReactions: [], isSaved: false,
}); // biome-ignore format: a message
const created = (...args: Parameters<typeof message>): Event => {
  const [seq, sent] = [args[0] + 1, message(...args)];
  return { kind: 'message.created', chatId, seq, message: sent };
};
const read = (lastReadNumber: number, markVersion: number, markSeq: number): Event => {
  const mark = { lastReadSeq: lastReadNumber + 1, lastReadNumber, markVersion, markSeq };
  return { kind: 'chat.read', chatId, ...mark, unreadCount: 0, mentionNumbers: [] };
};
const me = { userIds: ['me'], everyone: false };
const main = { threadId: null, thread: null };
const all = { userIds: [], everyone: true };

function replay(start: ChatRow = row) {
  const state = emptyState('me');
  state.chats.set(chatId, start);
  return {
    state,
    apply: (...events: Event[]) => events.map((event) => applyEvent(state, event)).at(-1),
    numbers: () => state.chats.get(chatId)?.mentionNumbers,
  };
}

test('messages of others mention the person by name or as everyone; own messages do not', () => {
  const { apply, numbers } = replay();
  apply(created(1, me), created(2, all), created(3, null), created(4, { userIds: ['bob'], everyone: false }));
  expect(numbers()).toEqual([1, 2]);
  apply(created(5, me));
  apply(created(5, me));
  expect(numbers()).toEqual([1, 2, 5]);
  apply(created(6, all, 'me'));
  // Sending marks everything as read.
  expect(numbers()).toEqual([]);
});

test('edits and deletions change mentions, unless a read already included them', () => {
  const { apply, numbers } = replay({ ...row, lastSeq: 10, lastNumber: 9, mentionNumbers: [3, 7] });
  const updated = (seq: number, number: number, mentions: Message['mentions']): Event => ({
    kind: 'message.updated', chatId, seq, message: { ...message(number, mentions), version: seq },
  }); // biome-ignore format: short
  apply(updated(9, 5, me));
  expect(numbers()).toEqual([3, 7]);
  apply(updated(11, 5, me), updated(12, 7, null));
  expect(numbers()).toEqual([3, 5]);
  apply({ kind: 'message.deleted', chatId, seq: 13, messageId: 'm3', number: 3, deletedAt: new Date(0), ...main });
  expect(numbers()).toEqual([5]);
});

test('a mark that moves forward drops the mentions before it; one that moves back causes a read', () => {
  const { state, apply, numbers } = replay({ ...row, lastSeq: 10, lastNumber: 9, mentionNumbers: [3, 7] });
  expect(apply(read(4, 1, 10))).toBeUndefined();
  expect(numbers()).toEqual([7]);
  expect(apply(read(1, 2, 10))).toEqual({ chatId });
  // The read contains what lies between, though no event brought it.
  const fresh = { ...row, lastSeq: 10, lastNumber: 9, lastReadNumber: 1, lastReadSeq: 2, markVersion: 2, markSeq: 10 };
  expect(putChat(state, { ...fresh, mentionNumbers: [3, 7] })).toBe(false);
  expect(numbers()).toEqual([3, 7]);
  // A read from before the mark went back: it lacks what lies between.
  apply(read(5, 3, 10));
  apply(read(1, 4, 10));
  expect(putChat(state, { ...fresh, lastReadNumber: 5, lastReadSeq: 6, markVersion: 3, mentionNumbers: [7] })).toBe(
    true,
  );
  expect(putChat(state, { ...fresh, markVersion: 4, mentionNumbers: [3, 7] })).toBe(false);
  expect(numbers()).toEqual([3, 7]);
});

test('the continuation of a full list is unknown', () => {
  const full = Array.from({ length: 100 }, (_, index) => index + 1);
  const { apply, numbers } = replay({ ...row, lastSeq: 200, lastNumber: 199, mentionNumbers: full });
  expect(apply(created(200, me))).toBeUndefined();
  expect(numbers()).toEqual(full);
  expect(apply(read(1, 1, 201))).toEqual({ chatId });
});

test('a store shows unread mentions as they arrive and as another device reads them', async () => {
  const { alice, bob, chatId: group } = await scene.chatOf('alice', 'bob');
  const calls = held('chat.get');
  const device = await bob.device({ fetch: calls.fetch });
  const store = createStore(device.client, { backoff: quick.backoff });
  await store.ready;
  calls.release();
  const ids: string[] = [];
  const send = async (content: string) =>
    ids.push((await alice.client.message.send.mutate({ chatId: group, content })).id);
  for (const content of [`<@${bob.id}>`, 'plain', '<!everyone>']) await send(content);
  const shown = () => store.mentions.getSnapshot();
  await until(() => shown().total === 2, 'both');
  expect(shown().byChat.get(group)).toEqual([1, 3]);
  await Promise.all([bob.client.chat.markRead.mutate({ chatId: group, number: 2 }), send(`<@${bob.id}>`)]);
  await until(() => shown().byChat.get(group)?.join() === '3,4', 'read elsewhere');
  await bob.client.chat.markUnread.mutate({ chatId: group, messageId: ids[0] ?? '' });
  await until(() => shown().byChat.get(group)?.join() === '1,3,4', 'back');
  await store.markRead(group);
  expect(shown()).toEqual({ total: 0, byChat: new Map() });
  await store.markUnread(group, ids[2] ?? '');
  await until(() => shown().byChat.get(group)?.join() === '3,4', 'back here');
  store.close();
});
