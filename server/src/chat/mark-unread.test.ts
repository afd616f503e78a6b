import { randomUUID } from 'node:crypto';
import { until } from '@fechatter/testing/until';
import { afterAll, expect, test } from 'vitest';
import { brokenRules } from '../testing/invariants.ts';
import { refusal, testServer, publishedSignals } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, workspace } = await app.workspaceOf('alice', 'bob');

/** A Group with `count` messages of alice, all of them read by bob. */
async function stage(count: number) {
  const input = { workspaceId: workspace.id, chatType: 'Group' as const, name: 'a chat', memberIds: [bob.id] };
  const { id: chatId } = await alice.trpc.chat.create.mutate(input);
  const ids: string[] = [];
  for (let number = 1; number <= count; number += 1) ids.push((await send(alice, chatId, `${number}`)).id);
  await bob.trpc.chat.markRead.mutate({ chatId, number: count });
  const idOf = (number: number) => ids[number - 1] ?? '';
  return { chatId, idOf };
}
const send = (who: typeof alice, chatId: string, content: string) => who.trpc.message.send.mutate({ chatId, content });
const unread = (who: typeof alice, chatId: string, messageId: string) =>
  who.trpc.chat.markUnread.mutate({ chatId, messageId });
const readsIn = async (chatId: string) =>
  (await app.events()).filter((event) => event.kind === 'chat.read' && event.chatId === chatId);

test('the message and those after it are unread, and the mark can move forward again', async () => {
  const { chatId, idOf } = await stage(4);
  const row = () => bob.trpc.chat.get.query({ chatId });
  expect(await row()).toMatchObject({ unreadCount: 0, lastReadNumber: 4, markVersion: 1, markSeq: 5 });
  const mark = { unreadCount: 3, lastReadSeq: 2, lastReadNumber: 1, markVersion: 2, markSeq: 5, mentionNumbers: [] };
  expect(await unread(bob, chatId, idOf(2))).toEqual(mark);
  expect(await row()).toMatchObject(mark);
  expect(await unread(bob, chatId, idOf(2))).toEqual(mark);
  expect(await readsIn(chatId)).toHaveLength(2);
  expect(await unread(bob, chatId, idOf(4))).toMatchObject({ unreadCount: 1, lastReadNumber: 3, markVersion: 3 });
  expect(await unread(bob, chatId, idOf(1))).toMatchObject({ unreadCount: 4, lastReadNumber: 0, markVersion: 4 });
  expect(await bob.trpc.chat.markRead.mutate({ chatId, number: 3 })).toMatchObject({
    lastReadNumber: 3,
    markVersion: 5,
  });
  expect((await alice.trpc.chat.get.query({ chatId })).markVersion).toBe(0);
  expect(await brokenRules(app.database)).toEqual({});
});

test('an own message after the mark was moved reads the chat, one before it does not', async () => {
  const { chatId, idOf } = await stage(2);
  await send(bob, chatId, '3');
  expect(await unread(bob, chatId, idOf(1))).toMatchObject({ unreadCount: 3, markVersion: 2, markSeq: 4 });
  await send(bob, chatId, '4');
  expect(await bob.trpc.chat.get.query({ chatId })).toMatchObject({ unreadCount: 0, markVersion: 2, markSeq: 4 });
  expect(await brokenRules(app.database)).toEqual({});
});

test('only an undeleted message of the chat, and only for members', async () => {
  const [{ chatId, idOf }, other] = [await stage(2), await stage(1)];
  await alice.trpc.message.delete.mutate({ chatId, messageId: idOf(1) });
  for (const messageId of [randomUUID(), other.idOf(1), idOf(1)])
    expect(await refusal(unread(bob, chatId, messageId))).toMatchObject({ reason: 'message_not_found' });
  const stranger = await app.signUp('stranger');
  expect(await refusal(unread(stranger, chatId, idOf(2)))).toMatchObject({ reason: 'chat_not_found' });
  const channel = { workspaceId: workspace.id, chatType: 'PublicChannel' as const, name: 'a channel', memberIds: [] };
  const { id: channelId } = await bob.trpc.chat.create.mutate(channel);
  const { id: messageId } = await send(bob, channelId, 'one');
  // An Owner of the workspace can act there, but has no mark.
  expect(await refusal(unread(alice, channelId, messageId))).toMatchObject({ reason: 'not_a_member' });
  expect(await readsIn(chatId)).toHaveLength(1);
});

test('a membership continues the versions of the one before', async () => {
  const { chatId, idOf } = await stage(2);
  await unread(bob, chatId, idOf(1));
  await bob.trpc.chat.leave.mutate({ chatId });
  await alice.trpc.chat.addMembers.mutate({ chatId, userIds: [bob.id] });
  const row = await bob.trpc.chat.get.query({ chatId });
  expect(row).toMatchObject({ unreadCount: 0, markVersion: 3, markSeq: row.lastSeq });
});

test('messages that were read once stay read for the others', async () => {
  await using published = await publishedSignals(app.database);
  const { chatId, idOf } = await stage(3);
  const readers = async (number: number) =>
    (await alice.trpc.message.readers.query({ chatId, messageId: idOf(number) })).users.map(({ id }) => id);
  await unread(bob, chatId, idOf(1));
  expect(await readers(3)).toEqual([bob.id]);
  await bob.trpc.chat.markRead.mutate({ chatId, number: 2 });
  expect(await readers(3)).toEqual([bob.id]);
  await unread(bob, chatId, idOf(1));
  const { id } = await send(alice, chatId, '4');
  expect((await alice.trpc.message.readers.query({ chatId, messageId: id })).users).toEqual([]);
  await bob.trpc.chat.markRead.mutate({ chatId, number: 4 });
  const numbers = () =>
    published.signals.flatMap((s) => (s.kind === 'seen' && s.chatId === chatId ? [s.lastReadNumber] : []));
  await until(() => numbers().includes(4), 'the last signal');
  expect(numbers().filter((number) => number !== 3 && number !== 4)).toEqual([]);
});

test('marks of two devices and own messages race: versions follow each other, and own messages stay read', async () => {
  const { chatId, idOf } = await stage(12);
  const numbers = Array.from({ length: 12 }, (_, index) => index + 1);
  const responses = await Promise.all([
    ...numbers.map((number) => unread(bob, chatId, idOf(13 - number))),
    ...numbers.map((number) => bob.trpc.chat.markRead.mutate({ chatId, number })),
    ...numbers.map((number) => send(bob, chatId, `from bob ${number}`).then(() => undefined)),
  ]);
  const marks = responses.filter((response) => response !== undefined);
  expect(marks).toHaveLength(24);
  const row = await bob.trpc.chat.get.query({ chatId });
  expect(await readsIn(chatId)).toHaveLength(row.markVersion);
  // A version identifies one move: only later own messages can change the mark.
  for (const mark of marks) {
    const same = marks.filter(({ markVersion }) => markVersion === mark.markVersion);
    expect(new Set(same.map(({ markSeq }) => markSeq)).size).toBe(1);
    expect(mark.unreadCount).toBeGreaterThanOrEqual(0);
  }
  expect(await brokenRules(app.database)).toEqual({});
});
