import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { held } from '../testing/calls.ts';
import { quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

/** Alice's phone, whose store shows a chat, beside another device of hers. */
async function phone(fetch: typeof globalThis.fetch) {
  const { alice, chatId } = await scene.chatOf('alice', 'bob');
  const { client } = await alice.device({ fetch });
  const store = createStore(client, { backoff: quick.backoff });
  await store.ready;
  const history = store.messages(chatId);
  history.subscribe(() => {});
  await until(() => history.getSnapshot().isLoaded, 'the first page');
  const shown = () => history.getSnapshot().entries.map(({ content, state }) => [content, state]);
  return { alice, chatId, store, history, shown };
}

test('a pending message stays when another device sends the same text', async () => {
  const calls = held('message.send');
  const { alice, chatId, store, shown } = await phone(calls.fetch);
  const { sent } = store.send(chatId, 'ok');
  await calls.waiting(1);
  await alice.client.message.send.mutate({ chatId, content: 'ok' });
  await until(() => shown().length === 2, 'the other one');
  expect(shown()).toEqual([
    ['ok', 'sent'],
    ['ok', 'pending'],
  ]);
  calls.release();
  await sent;
  await until(() => shown().every(([, state]) => state === 'sent'), 'both are sent');
  expect(shown()).toHaveLength(2);
  store.close();
});

test('a message that is edited, or deleted, before it is acknowledged is shown once, or not', async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const { alice, chatId, store, history, shown } = await phone(async (url, init) => {
    const response = await fetch(url, init);
    if ((url instanceof Request ? url.url : url.toString()).includes('message.send')) await released;
    return response;
  });
  const { clientId, sent } = store.send(chatId, 'helo');
  await until(() => history.getSnapshot().entries[0]?.state === 'sent', 'its event');
  const messageId = history.getSnapshot().entries[0]?.message?.id ?? '';
  await alice.client.message.edit.mutate({ chatId, messageId, content: 'hello' });
  await until(() => shown()[0]?.[0] === 'hello', 'the edit');
  expect(history.getSnapshot().entries).toMatchObject([{ key: clientId, state: 'sent', content: 'hello' }]);
  await alice.client.message.delete.mutate({ chatId, messageId });
  await until(() => store.chat(chatId).getSnapshot()?.lastMessage?.deletedAt != null, 'the deletion');
  expect(shown()).toEqual([]);
  release();
  await sent;
  expect(shown()).toEqual([]);
  store.close();
});

test('an own reaction is shown at once, and removed if it is refused', async () => {
  const calls = held('message.react');
  const { alice, chatId, store, history } = await phone(calls.fetch);
  const { id: messageId } = await alice.client.message.send.mutate({ chatId, content: 'hi' });
  const shown = () => history.getSnapshot().entries.map(({ message }) => [message?.reactions, message?.myReactions]);
  await until(() => shown().length === 1, 'the message');
  const done = store.react(chatId, messageId, '❤');
  expect(shown()).toEqual([[[{ emoji: '❤', count: 1, userIds: [alice.id] }], ['❤']]]);
  await calls.waiting(1);
  calls.release();
  await done;
  expect(shown()).toEqual([[[{ emoji: '❤️', count: 1, userIds: [alice.id] }], ['❤️']]]);
  const refused = store.react(chatId, messageId, 'x');
  expect(shown()[0]?.[1]).toEqual(['❤️', 'x']);
  await expect(refused).rejects.toMatchObject({ data: { reason: 'not_an_emoji' } });
  expect(shown()[0]?.[1]).toEqual(['❤️']);
  // The last request counts, also while another one is in flight.
  await Promise.all([store.unreact(chatId, messageId, '❤️'), store.react(chatId, messageId, '❤️')]);
  expect(shown()[0]?.[1]).toEqual(['❤️']);
  await store.unreact(chatId, messageId, '❤');
  expect(shown()).toEqual([[[], []]]);
  store.close();
});

test('own pins and saved messages are shown at once, everywhere, and removed if refused', async () => {
  // Both calls are one request.
  const calls = held('message.save');
  const { alice, chatId, store, history } = await phone(calls.fetch);
  const { id: messageId } = await alice.client.message.send.mutate({ chatId, content: 'hi' });
  const pins = store.pins(chatId);
  for (const slice of [pins, store.saved]) slice.subscribe(() => {});
  await until(() => history.getSnapshot().entries.length === 1, 'the message');
  await until(() => pins.getSnapshot() !== undefined && store.saved.getSnapshot().isLoaded, 'the lists');
  const shown = () => {
    const message = history.getSnapshot().entries[0]?.message;
    const lists = [pins.getSnapshot(), store.saved.getSnapshot().saved];
    return [message?.pinnedAt != null, message?.isSaved, ...lists.map((list) => list?.length)];
  };
  const seen = new Set<string>();
  const note = () => void seen.add(JSON.stringify(shown()));
  const done = Promise.all([store.pin(chatId, messageId), store.save(chatId, messageId)]);
  expect(shown()).toEqual([true, true, 1, 1]);
  for (const slice of [history, pins, store.saved]) slice.subscribe(note);
  await calls.waiting(1);
  expect(shown()).toEqual([true, true, 1, 1]);
  calls.release();
  await done;
  expect(shown()).toEqual([true, true, 1, 1]);
  expect(await alice.client.message.get.query({ chatId, messageId })).toMatchObject({ isSaved: true });
  await until(() => pins.getSnapshot()?.[0]?.pinnedAt != null, 'the pin');
  // Nothing flickers between the response and its event.
  expect([...seen]).toEqual(['[true,true,1,1]']);
  const undone = Promise.all([store.unpin(chatId, messageId), store.unsave(chatId, messageId)]);
  expect(shown()).toEqual([false, false, 0, 0]);
  await undone;
  expect(shown()).toEqual([false, false, 0, 0]);
  await alice.client.message.delete.mutate({ chatId, messageId });
  const missing = [store.pin(chatId, messageId), store.save(chatId, messageId)];
  for (const refused of missing) await expect(refused).rejects.toMatchObject({ data: { reason: 'message_not_found' } });
  expect(shown().slice(2)).toEqual([0, 0]);
  store.close();
});
