import { until } from '@fechatter/testing/until';
import { afterAll, expect, test } from 'vitest';
import { counted } from '../testing/calls.ts';
import { quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

/** Alice with a store, in a Group with Bob and Carol, and who has read her message. */
async function message(calls = counted('message.readers')) {
  const { alice, bob, carol, chatId } = await scene.chatOf('alice', 'bob', 'carol');
  const device = await alice.device({ fetch: calls.fetch });
  const store = createStore(device.client, { backoff: quick.backoff });
  await store.ready;
  store.messages(chatId).subscribe(() => {});
  const sent = await store.send(chatId, 'read me').sent;
  if (sent === undefined) throw new Error('it is sent');
  const readers = store.readers(chatId, sent.id);
  const read = (person: typeof bob) => person.client.chat.markRead.mutate({ chatId, number: sent.number });
  return { alice: device, bob, carol, chatId, store, readers, sent, read, calls };
}

test('who reads a message is known live, and who has sent since by a read', async () => {
  const { bob, carol, chatId, store, readers, read } = await message();
  expect(readers.getSnapshot()).toBeUndefined();
  readers.subscribe(() => {});
  await until(() => readers.getSnapshot()?.length === 0, 'no one');
  await read(bob);
  await until(() => readers.getSnapshot()?.includes(bob.id) === true, 'the signal');
  await carol.client.message.send.mutate({ chatId, content: 'an answer' });
  await until(() => readers.getSnapshot()?.length === 2, 'the sender');
  store.close();
});

test('a signal that was lost is made up for when the connection is back', async () => {
  const { alice, bob, store, readers, read } = await message();
  readers.subscribe(() => {});
  await until(() => readers.getSnapshot()?.length === 0, 'no one');
  alice.toNotify.cut();
  await read(bob);
  alice.toNotify.restore();
  await until(() => readers.getSnapshot()?.includes(bob.id) === true, 'the read after it');
  store.close();
});

test('who hides their receipts is not shown, and is not shown those of others', async () => {
  const { alice, bob, carol, store, readers, read, calls } = await message();
  await carol.client.user.setPreferences.mutate({ showReceipts: false });
  readers.subscribe(() => {});
  await until(() => readers.getSnapshot()?.length === 0, 'no one');
  await read(carol);
  await read(bob);
  await until(() => readers.getSnapshot()?.length === 1, 'one of the two');
  expect(readers.getSnapshot()).toEqual([bob.id]);
  await alice.client.user.setPreferences.mutate({ showReceipts: false });
  await until(() => readers.getSnapshot() === undefined, 'nothing for a person without receipts');
  const before = calls.count;
  readers.subscribe(() => {});
  expect(calls.count).toBe(before);
  await alice.client.user.setPreferences.mutate({ showReceipts: true });
  await until(() => readers.getSnapshot()?.length === 1, 'again');
  store.close();
});

test('someone who leaves is no reader, and without a subscriber nothing is kept', async () => {
  const { bob, chatId, store, readers, read } = await message();
  const stop = readers.subscribe(() => {});
  await until(() => readers.getSnapshot()?.length === 0, 'no one');
  await read(bob);
  await until(() => readers.getSnapshot()?.length === 1, 'the signal');
  await bob.client.chat.leave.mutate({ chatId });
  await until(() => readers.getSnapshot()?.length === 0, 'the end of the membership');
  stop();
  expect(readers.getSnapshot()).toBeUndefined();
  store.close();
});
