import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { counted } from '../testing/calls.ts';
import { quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

test('messages by their ids are read together, follow events, and are null when they are gone', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const send = (content: string, threadId?: string) =>
    alice.client.message.send.mutate({ chatId, content, ...(threadId !== undefined && { threadId }) });
  const one = await send('1');
  const reply = await send('a reply', one.id);
  const calls = counted('message.list');
  const device = await bob.device({ fetch: calls.fetch });
  const store = createStore(device.client, { backoff: quick.backoff });
  await store.ready;
  const gone = '01890000-0000-7000-8000-000000000000';
  const slices = [one.id, reply.id, gone].map((id) => store.message(chatId, id));
  expect(slices.map(({ getSnapshot }) => getSnapshot())).toEqual([undefined, undefined, undefined]);
  const stops = slices.map(({ subscribe }) => subscribe(() => {}));
  const shown = () => slices.map((slice) => slice.getSnapshot()?.content ?? slice.getSnapshot());
  await until(() => shown()[2] === null, 'they have been read');
  expect(shown()).toEqual(['1', 'a reply', null]);
  expect(calls.count).toBe(1);

  await alice.client.message.edit.mutate({ chatId, messageId: one.id, content: '1!' });
  await until(() => shown()[0] === '1!', 'the edit');
  await store.react(chatId, reply.id, '👍');
  expect(slices[1]?.getSnapshot()?.myReactions).toEqual(['👍']);
  await alice.client.message.delete.mutate({ chatId, messageId: reply.id });
  await until(() => shown()[1] === null, 'the deletion');

  for (const stop of stops) stop();
  slices[0]?.subscribe(() => {});
  expect(shown()[0]).toBe('1!');
  await bob.client.chat.leave.mutate({ chatId });
  await until(() => shown()[0] === undefined, 'it was left');
  store.close();
});

test('what never gets a subscriber is forgotten', async () => {
  const { bob, chatId } = await scene.chatOf('alice', 'bob');
  const store = createStore(bob.client, { backoff: quick.backoff });
  const idOf = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
  const [first, second] = [store.message(chatId, idOf(0)), store.message(chatId, idOf(1))];
  const stop = second.subscribe(() => {});
  for (let n = 2; n < 300; n += 1) store.message(chatId, idOf(n));
  expect(store.message(chatId, idOf(1))).toBe(second);
  expect(store.message(chatId, idOf(0))).not.toBe(first);
  stop();
  store.close();
});

test('more messages than one call reads are read too', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const ids: string[] = [];
  for (let n = 0; n < 55; n += 1) ids.push((await alice.client.message.send.mutate({ chatId, content: `${n}` })).id);
  const store = createStore(bob.client, { backoff: quick.backoff });
  await store.ready;
  const slices = ids.map((id) => store.message(chatId, id));
  for (const { subscribe } of slices) subscribe(() => {});
  await until(() => slices.every(({ getSnapshot }) => getSnapshot() !== undefined), 'all are read');
  expect(slices.map(({ getSnapshot }) => getSnapshot()?.content)).toEqual(ids.map((_, n) => `${n}`));
  store.close();
});
