import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { isFechatterError } from '../errors.ts';
import { localStorageStorage } from '../session/local-storage.ts';
import { createStore } from '../store/create-store.ts';
import { browser } from '../testing/tabs.ts';
import { type Person, quick, world } from '../testing/world.ts';
import { createOutbox } from './create-outbox.ts';
import type { Outbox } from './outbox.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

const outboxOf = ({ client }: Person) => createOutbox(client, { backoff: quick.backoff });
const contentsIn = async ({ client }: Person, chatId: string) =>
  (await client.message.list.query({ chatId, limit: 100 })).messages.map(({ content }) => content).toReversed();
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
const states = (outbox: Outbox) => outbox.unsent.getSnapshot().map(({ content, state }) => [content, state]);
const drained = (outbox: Outbox) => until(() => outbox.unsent.getSnapshot().length === 0, 'everything is sent');

test('messages written offline are sent once and in order when the network is back', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const outbox = outboxOf(alice);
  alice.toServer.cut();
  const sendings = range(1, 20).map((content) => outbox.send({ chatId, content }));
  expect(states(outbox)).toEqual(range(1, 20).map((content) => [content, 'pending']));
  alice.toServer.restore();
  await Promise.all(sendings.map(({ sent }) => sent));
  expect(await contentsIn(bob, chatId)).toEqual(range(1, 20));
  expect(outbox.unsent.getSnapshot()).toEqual([]);
});

test('a lost response duplicates no message', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const outbox = outboxOf(alice);
  for (const content of range(1, 40)) outbox.send({ chatId, content });
  while (outbox.unsent.getSnapshot().length > 0) {
    alice.toServer.reset();
    const { length } = outbox.unsent.getSnapshot();
    await until(() => outbox.unsent.getSnapshot().length < length || length === 0, 'one more is sent');
  }
  expect(await contentsIn(bob, chatId)).toEqual(range(1, 40));
});

test('a permanently refused message fails, and the next ones are sent', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const outbox = outboxOf(alice);
  const [first, tooLong, last] = ['first', 'x'.repeat(8_001), 'last'].map((content) =>
    outbox.send({ chatId, content }),
  );
  await last?.sent;
  await first?.sent;
  const refused = await tooLong?.sent.catch((error: unknown) => error);
  expect(isFechatterError(refused, 'invalid_input')).toBe(true);
  expect(outbox.unsent.getSnapshot()).toMatchObject([
    { state: 'failed', reason: 'invalid_input', clientId: tooLong?.clientId },
  ]);
  expect(await contentsIn(bob, chatId)).toEqual(['first', 'last']);
  expect(outbox.cancel(tooLong?.clientId ?? '')).toBe(true);
  expect(outbox.unsent.getSnapshot()).toEqual([]);
});

test('a failed message can be retried', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  await alice.client.chat.removeMember.mutate({ chatId, userId: bob.id });
  const outbox = outboxOf(bob);
  const { clientId, sent } = outbox.send({ chatId, content: 'let me in' });
  await expect(sent).rejects.toThrow();
  await alice.client.chat.addMembers.mutate({ chatId, userIds: [bob.id] });
  expect(outbox.retry(clientId)).toBe(true);
  expect(outbox.retry(clientId)).toBe(false);
  await drained(outbox);
  expect(await contentsIn(alice, chatId)).toEqual(['let me in']);
});

test('a message that was cancelled before sending is never sent', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const outbox = outboxOf(alice);
  alice.toServer.cut();
  const [keep, regret] = ['keep', 'regret'].map((content) => outbox.send({ chatId, content }));
  expect(outbox.cancel(regret?.clientId ?? '')).toBe(true);
  expect(outbox.cancel(regret?.clientId ?? '')).toBe(false);
  await expect(regret?.sent).rejects.toThrow('cancelled');
  alice.toServer.restore();
  await keep?.sent;
  expect(await contentsIn(bob, chatId)).toEqual(['keep']);
});

test('one chat does not wait for another', async () => {
  const { alice, bob, chatId, workspaceId } = await scene.chatOf('alice', 'bob');
  const input = { name: 'other', chatType: 'Group' as const, workspaceId, memberIds: [bob.id] };
  const { id: otherId } = await alice.client.chat.create.mutate(input);
  const outbox = outboxOf(alice);
  const sendings = [chatId, otherId].flatMap((id) =>
    range(1, 5).map((content) => outbox.send({ chatId: id, content })),
  );
  await Promise.all(sendings.map(({ sent }) => sent));
  expect(await contentsIn(bob, chatId)).toEqual(range(1, 5));
  expect(await contentsIn(bob, otherId)).toEqual(range(1, 5));
});

test('unsent messages survive a restart if the storage keeps them', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const tabs = browser({ hasLocks: true });
  const page = tabs.openTab();
  const kept = () => tabs.names.filter((name) => name.includes('unsent'));
  const phone = await alice.device({ storage: localStorageStorage('app', page) });
  phone.toServer.cut();
  const before = outboxOf(phone);
  for (const content of range(1, 3)) before.send({ chatId, content });
  await until(() => kept().length === 3, 'three are kept');
  before.close();
  const client = await scene.visit({ storage: localStorageStorage('app', page) });
  await client.restore();
  const after = createOutbox(client, { backoff: quick.backoff });
  after.send({ chatId, content: '4' });
  await until(() => after.unsent.getSnapshot().length === 0, 'sent');
  expect(await contentsIn(bob, chatId)).toEqual(range(1, 4));
  expect(kept()).toEqual([]);
});

test('two tabs with the same unsent messages send each once', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const { openTab } = browser({ hasLocks: true });
  const phone = await alice.device({ storage: localStorageStorage('app', openTab()) });
  phone.toServer.cut();
  const first = outboxOf(phone);
  for (const content of range(1, 10)) first.send({ chatId, content });
  const tab = await scene.visit({ storage: localStorageStorage('app', openTab()) });
  await tab.restore();
  phone.toServer.restore();
  const second = createOutbox(tab, { backoff: quick.backoff });
  await drained(first);
  await drained(second);
  expect(await contentsIn(bob, chatId)).toEqual(range(1, 10));
});

test('a store shows pending and failed messages', async () => {
  const { alice, chatId } = await scene.chatOf('alice', 'bob');
  const store = createStore(alice.client, { backoff: quick.backoff });
  await store.ready;
  const history = store.messages(chatId);
  history.subscribe(() => {});
  await until(() => history.getSnapshot().isLoaded, 'loaded');
  alice.toServer.cut();
  store.send(chatId, 'waits');
  store.send(chatId, 'x'.repeat(8_001));
  const shown = () => history.getSnapshot().entries.map(({ state }) => state);
  await until(() => shown().length === 2, 'both');
  expect(shown()).toEqual(['pending', 'pending']);
  alice.toServer.restore();
  await until(() => shown()[1] === 'failed', 'the long one failed');
  expect(shown()).toEqual(['sent', 'failed']);
  store.close();
});

test('a quote and data survive being offline and a restart, and a repeat is one message', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const { id: quotedId } = await bob.client.message.send.mutate({ chatId, content: 'first' });
  const { openTab } = browser({ hasLocks: true });
  const phone = await alice.device({ storage: localStorageStorage('app', openTab()) });
  const before = outboxOf(phone);
  phone.toServer.cut();
  before.send({ chatId, content: 'so', quotedId, data: '{"poll":1}' });
  before.send({ chatId, content: 'plain' });
  await until(() => before.unsent.getSnapshot().every(({ isKept }) => isKept), 'both are kept');
  expect(before.unsent.getSnapshot()).toMatchObject([
    { content: 'so', quotedId, data: '{"poll":1}' },
    { content: 'plain', quotedId: null, data: null },
  ]);
  before.close();
  phone.toServer.restore();
  const tab = await scene.visit({ storage: localStorageStorage('app', openTab()) });
  await tab.restore();
  const after = createOutbox(tab, { backoff: quick.backoff });
  await until(async () => (await contentsIn(bob, chatId)).length === 3, 'all are sent');
  await drained(after);
  const { messages } = await bob.client.message.list.query({ chatId });
  expect(messages).toMatchObject([
    { content: 'plain', quotedId: null, data: null },
    { content: 'so', quotedId, data: '{"poll":1}' },
    { content: 'first' },
  ]);
});
