import { afterAll, expect, test } from 'vitest';
import { brokenRules } from '../testing/invariants.ts';
import { refusal, testServer } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, carol, workspace } = await app.workspaceOf('alice', 'bob', 'carol');
type Person = typeof alice;

async function stage() {
  const input = {
    workspaceId: workspace.id,
    chatType: 'Group' as const,
    name: 'a chat',
    memberIds: [bob.id, carol.id],
  };
  const { id: chatId } = await alice.trpc.chat.create.mutate(input);
  const { id: rootId } = await alice.trpc.message.send.mutate({ chatId, content: 'root' });
  const reply = (who: Person, content: string) => who.trpc.message.send.mutate({ chatId, content, threadId: rootId });
  const row = (who: Person) => who.trpc.thread.get.query({ chatId, rootId });
  const eventsFor = async (who: Person) =>
    (await app.events()).filter(
      ({ kind, userId, chatId: of }) => kind === 'thread.read' && userId === who.id && of === chatId,
    );
  return { chatId, rootId, reply, row, eventsFor };
}
const at = (...people: readonly Person[]) => people.map(({ id }) => `<@${id}>`).join(' ');

test('a person who is mentioned in a thread follows it, has read the earlier replies, and is mentioned only there', async () => {
  const { chatId, rootId, reply, row, eventsFor } = await stage();
  await reply(alice, 'one');
  const sent = await reply(alice, `two ${at(bob)}`);
  expect(sent).toMatchObject({ threadId: rootId, number: 2, mentions: { userIds: [bob.id] } });
  expect(await row(bob)).toMatchObject({ following: true, lastReadNumber: 1, unreadCount: 1, mentionNumbers: [2] });
  expect(await row(carol)).toMatchObject({ following: false, unreadCount: 0, mentionNumbers: [] });
  expect((await bob.trpc.chat.get.query({ chatId })).mentionNumbers).toEqual([]);
  expect(await eventsFor(bob)).toHaveLength(1);
  // Mentioning everyone reaches followers, and makes no one a follower.
  await reply(carol, '<!everyone>');
  expect((await row(bob)).mentionNumbers).toEqual([2, 3]);
  expect((await row(alice)).mentionNumbers).toEqual([3]);
  expect((await row(carol)).mentionNumbers).toEqual([]);
  const { threads } = await bob.trpc.thread.list.query({ workspaceId: workspace.id });
  expect(threads.find(({ root }) => root.id === rootId)?.mentionNumbers).toEqual([2, 3]);
  expect(await bob.trpc.thread.markRead.mutate({ chatId, rootId, number: 2 })).toMatchObject({ mentionNumbers: [3] });
  expect(await brokenRules(app.database)).toEqual({});
});

test('a mention does not follow for a person who unfollowed, and editing or deleting a reply updates its mentions', async () => {
  const { chatId, rootId, reply, row, eventsFor } = await stage();
  await reply(bob, 'one');
  await bob.trpc.thread.unfollow.mutate({ chatId, rootId });
  const { id: messageId } = await reply(alice, at(bob, carol));
  expect(await row(bob)).toMatchObject({ following: false, unreadCount: 0, mentionNumbers: [] });
  expect(await row(carol)).toMatchObject({ following: true, lastReadNumber: 1, mentionNumbers: [2] });
  await alice.trpc.message.edit.mutate({ chatId, messageId, content: 'nobody' });
  expect(await row(carol)).toMatchObject({ following: true, unreadCount: 1, mentionNumbers: [] });
  const later = await reply(alice, 'three');
  await carol.trpc.thread.unfollow.mutate({ chatId, rootId });
  await alice.trpc.message.edit.mutate({ chatId, messageId: later.id, content: at(carol, bob) });
  expect([(await row(carol)).following, (await row(bob)).following]).toEqual([false, false]);
  await carol.trpc.thread.follow.mutate({ chatId, rootId });
  const last = await reply(alice, at(carol));
  expect((await row(carol)).mentionNumbers).toEqual([4]);
  await alice.trpc.message.delete.mutate({ chatId, messageId: last.id });
  expect(await row(carol)).toMatchObject({ unreadCount: 1, mentionNumbers: [] });
  expect(await eventsFor(bob)).not.toHaveLength(0);
  expect(await brokenRules(app.database)).toEqual({});
});

test('an edit that mentions a person makes them follow, and a first reply makes its author and those it mentions follow', async () => {
  const { chatId, reply, row, eventsFor } = await stage();
  const { id: messageId } = await reply(bob, `one ${at(alice, carol)}`);
  expect(await row(alice)).toMatchObject({ following: true, lastReadNumber: 0, mentionNumbers: [1] });
  expect(await row(carol)).toMatchObject({ following: true, lastReadNumber: 0, mentionNumbers: [1] });
  expect([(await eventsFor(alice)).length, (await eventsFor(carol)).length]).toEqual([1, 1]);
  const other = await stage();
  const first = await other.reply(bob, 'one');
  await bob.trpc.message.edit.mutate({ chatId: other.chatId, messageId: first.id, content: at(carol) });
  expect(await other.row(carol)).toMatchObject({ following: true, lastReadNumber: 0, mentionNumbers: [1] });
  expect(await other.eventsFor(carol)).toHaveLength(1);
  // A reply is not a message of the main timeline.
  expect(await refusal(bob.trpc.chat.markUnread.mutate({ chatId, messageId }))).toMatchObject({
    reason: 'message_not_found',
  });
  expect(await brokenRules(app.database)).toEqual({});
});
