import { until } from '@fechatter/testing/until';
import { afterAll, expect, test } from 'vitest';
import { quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';
import { slices } from './slice.ts';
import { emptyState } from './state.ts';
import { SystemLines } from './system-lines.ts';
import { withSystemLines } from './with-system-lines.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

const settings = { backoff: quick.backoff };

/** Alice, who owns a channel that Bob is in, and Bob's store of it; Carol is in the workspace. */
async function channel() {
  const { alice, bob, carol, workspaceId } = await scene.workspaceOf('alice', 'bob', 'carol');
  const input = { name: 'general', chatType: 'PublicChannel' as const, workspaceId, memberIds: [bob.id] };
  const { id: chatId } = await alice.client.chat.create.mutate(input);
  const store = createStore(bob.client, settings);
  await store.ready;
  store.messages(chatId).subscribe(() => {});
  store.workspaceMembers(workspaceId).subscribe(() => {});
  await until(() => store.messages(chatId).getSnapshot().isLoaded, 'the history');
  await until(() => store.workspaceMembers(workspaceId).getSnapshot()?.length === 3, 'the members');
  const rows = () => withSystemLines(store.messages(chatId).getSnapshot(), store.systemLines(chatId).getSnapshot());
  /** What is shown, in order: texts, and kinds of lines. */
  const shown = () => rows().map((row) => ('kind' in row ? row.kind : row.content));
  const say = (content: string) => alice.client.message.send.mutate({ chatId, content });
  return { alice, bob, carol, workspaceId, chatId, store, rows, shown, say };
}

test('what happens in a chat stands among its messages, with who did it', async () => {
  const { alice, carol, chatId, store, rows, shown, say } = await channel();
  await say('one');
  await carol.client.chat.join.mutate({ chatId });
  await say('two');
  await carol.client.chat.leave.mutate({ chatId });
  await alice.client.chat.addMembers.mutate({ chatId, userIds: [carol.id] });
  await alice.client.chat.update.mutate({ chatId, topic: 'Tea' });
  await alice.client.chat.setRole.mutate({ chatId, userId: carol.id, role: 'Admin' });
  const pinned = await say('three');
  await alice.client.chat.removeMember.mutate({ chatId, userId: carol.id });
  await until(() => shown().at(-1) === 'removed', 'the removal');
  await alice.client.chat.update.mutate({ chatId, name: 'renamed' });
  await alice.client.message.pin.mutate({ chatId, messageId: pinned.id });
  await alice.client.chat.archive.mutate({ chatId });
  await until(() => shown().at(-1) === 'archived', 'the last event');
  expect(shown()).toEqual([
    'one',
    'joined',
    'two',
    'left',
    'joined',
    'topic',
    'role',
    'three',
    'removed',
    'renamed',
    'pinned',
    'archived',
  ]);
  const by = { id: alice.id, name: 'alice' };
  const people = [{ id: carol.id, name: 'carol' }];
  expect(rows().filter((row) => 'kind' in row)).toMatchObject([
    { kind: 'joined', people, count: 1, by: null },
    { kind: 'left', people, by: null },
    { kind: 'joined', people, by },
    { kind: 'topic', topic: 'Tea', by },
    { kind: 'role', person: people[0], role: 'Admin', by },
    { kind: 'removed', people, by },
    { kind: 'renamed', before: 'general', name: 'renamed', by },
    { kind: 'pinned', messageId: pinned.id, by },
    { kind: 'archived', by },
  ]);
  expect(store.unread.getSnapshot().byChat.get(chatId)).toBe(3);
  await carol.client.user.update.mutate({ fullName: 'Caroline' });
  const names = () =>
    store
      .systemLines(chatId)
      .getSnapshot()
      .flatMap((line) => ('person' in line ? line.person.name : []));
  await until(() => names().includes('Caroline'), 'her new name');
  store.close();
});

test('people who join in a row are one line, and a message between two begins another one', async () => {
  const { alice, workspaceId, carol, chatId, store, rows, shown, say } = await channel();
  const { token } = await alice.client.workspace.invite.mutate({ workspaceId, role: 'Member', maxUses: 20 });
  const others = await Promise.all(Array.from({ length: 12 }, (_, at) => scene.signUp(`p${at}`)));
  for (const { client } of others) await client.workspace.acceptInvite.mutate({ token });
  for (const { client } of others) await client.chat.join.mutate({ chatId });
  await say('welcome');
  await carol.client.chat.join.mutate({ chatId });
  await until(() => shown().length === 3, 'both lines and the message');
  expect(shown()).toEqual(['joined', 'welcome', 'joined']);
  const [first] = rows();
  expect(first).toMatchObject({ count: 12, by: null });
  expect('people' in (first ?? {}) && first).toHaveProperty('people.length', 10);
  store.close();
});

test('lines belong to what is loaded, survive a lost connection, and are dropped with the chat', async () => {
  const { alice, bob, carol, chatId, store, shown, say } = await channel();
  bob.toNotify.cut();
  await carol.client.chat.join.mutate({ chatId });
  bob.toNotify.restore();
  await until(() => shown().includes('joined'), 'the event after the reconnect');
  const { entries } = store.messages(chatId).getSnapshot();
  const lines = store.systemLines(chatId).getSnapshot();
  const view = { entries, isLoaded: true, hasOlder: true, hasNewer: false };
  expect(withSystemLines(view, lines)).toEqual([]);
  expect(withSystemLines({ ...view, hasOlder: false }, lines)).toEqual(lines);
  expect(withSystemLines({ ...view, hasOlder: false, hasNewer: true }, lines)).toEqual([]);
  await say('last');
  await alice.client.chat.removeMember.mutate({ chatId, userId: bob.id });
  await until(() => store.systemLines(chatId).getSnapshot().length === 0, 'the end of the membership');
  await bob.client.chat.join.mutate({ chatId });
  await until(() => store.systemLines(chatId).getSnapshot().length === 1, 'the own return');
  expect(store.systemLines(chatId).getSnapshot()).toMatchObject([{ kind: 'joined', people: [{ id: bob.id }] }]);
  store.close();
});

test('of many lines the latest are kept, and an event that is applied again adds none', () => {
  const lines = new SystemLines({ ...emptyState('me'), windows: new Map() }, slices());
  const pin = (seq: number) => {
    const ids = { chatId: 'c', messageId: 'm', threadId: null, userId: 'you' };
    lines.take({ kind: 'message.pinned', ...ids, seq, version: seq, pinnedAt: new Date() });
  };
  for (let seq = 1; seq <= 250; seq += 1) pin(seq);
  const seqs = lines
    .of('c')
    .getSnapshot()
    .map(({ seq }) => seq);
  expect([seqs.length, seqs[0], seqs.at(-1)]).toEqual([200, 51, 250]);
  for (const seq of [51, 250, 3]) pin(seq);
  expect(
    lines
      .of('c')
      .getSnapshot()
      .map(({ seq }) => seq),
  ).toEqual(seqs);
});
