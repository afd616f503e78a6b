import { expect, test } from 'vitest';
import type { Event } from '../events/event.ts';
import type { Message } from '../wire.ts';
import { Replica } from './replica.ts';

const chatId = '01a20352-5a67-76b7-913c-1b8f539e2701';
const bob = { id: '01a20352-4697-7256-8c72-46af7e7216e4', kind: 'Person' as const, name: 'bob', avatarUrl: null };
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
  threadId: null,
  thread: null,
  reactions: [],
  mentions: null,
  files: [],
  pinnedAt: null,
  quotedId: null,
  data: null,
  myReactions: [],
  isSaved: false,
});

/** A replica that nothing watches. */
const unwatched = () =>
  new Replica('me', { onChat() {}, onWorkspace() {}, onMembers() {}, onMessages() {}, onPreferences() {} });

test('a message in flight shows its sender’s new name after a rename', () => {
  const replica = unwatched();
  const window = replica.windowOf({ chatId, threadId: null });
  window.begin({ messages: [], hasMore: false });
  replica.apply(renamed);
  replica.apply({ kind: 'message.created', chatId, seq: 1, message: message(1) });
  replica.acknowledge(message(2));
  expect(window.list().map(({ sender }) => sender.name)).toEqual(['Robert', 'Robert']);
});

test('own reactions come from reads and the events after them, never from whole messages', () => {
  const replica = unwatched();
  const window = replica.windowOf({ chatId, threadId: null });
  const known = message(1);
  const of = (userId: string, seq: number, emoji: string, isAdded: boolean, userIds: string[]): Event => ({
    kind: 'message.reacted',
    chatId,
    seq,
    messageId: known.id,
    threadId: null,
    version: seq,
    reactions: userIds.length === 0 ? [] : [{ emoji, count: userIds.length, userIds }],
    userId,
    emoji,
    isAdded,
  });
  const shown = () => window.list().map(({ version, myReactions, reactions }) => ({ version, myReactions, reactions }));
  window.begin({ messages: [{ ...known, version: 5, myReactions: ['👍'] }], hasMore: false });
  // Delivered before the read, and contained in it.
  replica.apply(of('me', 4, '🎉', true, ['me']));
  expect(shown()).toEqual([{ version: 5, myReactions: ['👍'], reactions: [] }]);
  const reactions = [{ emoji: '🎈', count: 2, userIds: [bob.id, 'me'] }];
  // An edit that was filled after the next two events.
  replica.apply({ kind: 'message.updated', chatId, seq: 6, message: { ...known, version: 8, reactions } });
  expect(shown()).toEqual([{ version: 8, myReactions: ['👍'], reactions }]);
  replica.apply(of(bob.id, 7, '🎈', true, [bob.id]));
  replica.apply(of('me', 8, '🎈', true, [bob.id, 'me']));
  expect(shown()).toEqual([{ version: 8, myReactions: ['👍', '🎈'], reactions }]);
  replica.apply(of('me', 9, '👍', false, []));
  expect(shown()).toEqual([{ version: 9, myReactions: ['🎈'], reactions: [] }]);
});

test('a response in flight shows its sender’s new name, also after the person has left another workspace', async () => {
  const replica = unwatched();
  const window = replica.windowOf({ chatId, threadId: null });
  const known = message(1);
  window.begin({ messages: [known], hasMore: false });
  await replica.change({ chatId, messageId: known.id }, async () => {
    const response = { ...known, version: 2 };
    replica.apply(renamed);
    replica.apply({ kind: 'workspace.memberLeft', workspaceId: 'other', workspaceSeq: 2, userId: 'me' });
    return response;
  });
  expect(window.list()).toMatchObject([{ version: 2, sender: { name: 'Robert' } }]);
});

test('a response from before an absence brings no older name back', async () => {
  const replica = unwatched();
  const timeline = { chatId, threadId: null };
  const known = message(1);
  replica.windowOf(timeline).begin({ messages: [known], hasMore: false });
  await replica.change({ chatId, messageId: known.id }, async () => {
    replica.apply(renamed);
    replica.apply({ kind: 'workspace.memberLeft', workspaceId: 'theirs', workspaceSeq: 2, userId: 'me' });
    replica.emptyWindow(timeline);
    const read = { ...known, version: 3, sender: { ...bob, name: 'Bobby' } };
    replica.windowOf(timeline).begin({ messages: [read], hasMore: false });
    return { ...known, version: 2 };
  });
  expect(replica.windowOf(timeline).list()).toMatchObject([{ version: 3, sender: { name: 'Bobby' } }]);
});

test('names known before an absence are not trusted after it', () => {
  const replica = unwatched();
  const window = replica.windowOf({ chatId, threadId: null });
  replica.apply(renamed);
  replica.apply({ kind: 'workspace.memberLeft', workspaceId: 'theirs', workspaceSeq: 2, userId: 'me' });
  window.begin({ messages: [], hasMore: false });
  const now = { ...bob, name: 'Bobby' };
  replica.apply({ kind: 'message.created', chatId, seq: 1, message: { ...message(1), sender: now } });
  expect(window.list().map(({ sender }) => sender.name)).toEqual(['Bobby']);
});
