import { expect, test } from 'vitest';
import type { Event } from '../events/event.ts';
import type { Message } from '../wire.ts';
import { Replica } from './replica.ts';

const chatId = '01a20352-5a67-76b7-913c-1b8f539e2701';
const bob = { id: '01a20352-4697-7256-8c72-46af7e7216e4', name: 'bob', avatarUrl: null };
const renamed: Event = { kind: 'user.updated', user: { ...bob, name: 'Robert', status: 'Active' } };
const message = (number: number): Message => ({
  id: `01a20352-5a67-76b7-913c-1b8f539e280${number}`,
  chatId,
  number,
  seq: number,
  version: number,
  clientId: `01a20352-5a67-76b7-913c-1b8f539e281${number}`,
  sender: bob,
  content: 'hi',
  createdAt: new Date(0),
  editedAt: null,
  deletedAt: null,
});

test('who is renamed while a message of theirs is on its way is shown by the new name', () => {
  const replica = new Replica('me', { onChat() {}, onWorkspace() {}, onMembers() {}, onMessages() {} });
  const window = replica.windowOf(chatId);
  window.begin({ messages: [], hasMore: false });
  replica.apply(renamed);
  replica.apply({ kind: 'message.created', chatId, seq: 1, message: message(1) });
  replica.acknowledge(message(2));
  expect(window.list().map(({ sender }) => sender.name)).toEqual(['Robert', 'Robert']);
});

test('who was away has not heard how people are called now', () => {
  const replica = new Replica('me', { onChat() {}, onWorkspace() {}, onMembers() {}, onMessages() {} });
  const window = replica.windowOf(chatId);
  replica.apply(renamed);
  replica.apply({ kind: 'workspace.memberLeft', workspaceId: 'theirs', workspaceSeq: 2, userId: 'me' });
  window.begin({ messages: [], hasMore: false });
  const now = { ...bob, name: 'Bobby' };
  replica.apply({ kind: 'message.created', chatId, seq: 1, message: { ...message(1), sender: now } });
  expect(window.list().map(({ sender }) => sender.name)).toEqual(['Bobby']);
});
