import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { counted, late } from '../testing/calls.ts';
import { type Person, quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

const sendMessage = (person: Person, chatId: string, content: string) =>
  person.client.message.send.mutate({ chatId, content });

/** Bob's store on one device, beside another device of his. */
async function shelf(fetch?: typeof globalThis.fetch) {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const device = await bob.device(fetch === undefined ? {} : { fetch });
  const store = createStore(device.client, { backoff: quick.backoff });
  await store.ready;
  const history = store.messages(chatId);
  history.subscribe(() => {});
  await until(() => history.getSnapshot().isLoaded, 'the first page');
  const shown = () => store.saved.getSnapshot().saved.map(({ message }) => message.content);
  const marked = () =>
    history.getSnapshot().entries.flatMap(({ message }) => (message?.isSaved === true ? message.content : []));
  const send = async (content: string) => {
    const { id: messageId } = await sendMessage(alice, chatId, content);
    return { chatId, messageId };
  };
  return { alice, bob, chatId, store, history, shown, marked, send };
}

test('messages saved on another device are shown in the list and in the history, and kept up to date', async () => {
  const { alice, bob, chatId, store, shown, marked, send } = await shelf();
  expect(store.saved.getSnapshot()).toEqual({ saved: [], isLoaded: false, hasMore: false });
  store.saved.subscribe(() => {});
  const [one, two, three] = [await send('1'), await send('2'), await send('3')];
  for (const ref of [two, one, three]) await bob.client.message.save.mutate(ref);
  await until(() => shown().join() === '3,1,2', 'all are shown');
  await until(() => marked().join() === '1,2,3', 'the history');
  await alice.client.message.edit.mutate({ ...one, content: '1!' });
  await alice.client.message.react.mutate({ ...two, emoji: '👍' });
  await until(() => shown().join() === '3,1!,2', 'the edit');
  // A later whole message says nothing about being saved.
  await until(() => marked().join() === '1!,2,3', 'it is still saved');
  await bob.client.message.unsave.mutate(three);
  await until(() => shown().join() === '1!,2', 'one less');
  await until(() => marked().join() === '1!,2', 'in the history too');
  await bob.client.message.save.mutate(three);
  await bob.client.message.unsave.mutate(two);
  await bob.client.message.save.mutate(two);
  await until(() => shown().join() === '2,3,1!', 'the order in which they were saved');
  await alice.client.message.delete.mutate(three);
  await until(() => shown().join() === '2,1!', 'the deletion');
  await store.react(chatId, two.messageId, '🎉');
  expect(store.saved.getSnapshot().saved).toEqual((await bob.client.message.saved.query()).saved);
  store.close();
});

test('a late response undoes no later save or unsave', async () => {
  const calls = late('message.react');
  const { bob, store, shown, marked, send } = await shelf(calls.fetch);
  store.saved.subscribe(() => {});
  const [one, two] = [await send('1'), await send('2')];
  await bob.client.message.save.mutate(two);
  await until(() => marked().join() === '2', 'the first');
  const reacting = [one, two].map(({ chatId, messageId }) => store.react(chatId, messageId, '👍'));
  await calls.responded(2);
  await bob.client.message.save.mutate(one);
  await bob.client.message.unsave.mutate(two);
  await until(() => marked().join() === '1' && shown().join() === '1', 'what is saved now');
  calls.release();
  await Promise.all(reacting);
  expect(marked()).toEqual(['1']);
  expect(shown()).toEqual(['1']);
  store.close();
});

test('a late page includes what was saved while it was in flight', async () => {
  const calls = late('message.list');
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const refs = [];
  for (const content of ['1', '2']) refs.push({ chatId, messageId: (await sendMessage(alice, chatId, content)).id });
  const [one, two] = refs as [(typeof refs)[0], (typeof refs)[0]];
  await bob.client.message.save.mutate(two);
  const device = await bob.device({ fetch: calls.fetch });
  const store = createStore(device.client, { backoff: quick.backoff });
  await store.ready;
  store.saved.subscribe(() => {});
  // Read by a separate request.
  await until(() => store.saved.getSnapshot().isLoaded, 'the list');
  const history = store.messages(chatId);
  history.subscribe(() => {});
  await calls.responded(1);
  await bob.client.message.save.mutate(one);
  await bob.client.message.unsave.mutate(two);
  await until(() => store.saved.getSnapshot().saved[0]?.message.content === '1', 'the event');
  await until(() => store.saved.getSnapshot().saved.length === 1, 'the other event');
  calls.release();
  await until(() => history.getSnapshot().isLoaded, 'the page');
  expect(history.getSnapshot().entries.map(({ message }) => message?.isSaved)).toEqual([true, false]);
  store.close();
});

test('a saved message is hidden without access and shown again with it; an unwatched list makes no call', async () => {
  const calls = counted('message.saved');
  const { alice, bob, chatId, store, shown, send } = await shelf(calls.fetch);
  await bob.client.message.save.mutate(await send('1'));
  const { lastSeq } = await bob.client.chat.get.query({ chatId });
  await until(() => store.chat(chatId).getSnapshot()?.lastSeq === lastSeq, 'the events');
  expect(calls.count).toBe(0);
  store.saved.subscribe(() => {});
  await until(() => shown().length === 1, 'the list');
  await alice.client.chat.removeMember.mutate({ chatId, userId: bob.id });
  await until(() => shown().length === 0, 'nothing without access');
  await alice.client.chat.addMembers.mutate({ chatId, userIds: [bob.id] });
  await until(() => shown().join() === '1', 'it is back');
  store.close();
});

test('pages are loaded on demand, and all loaded pages are read again', async () => {
  const { bob, chatId, store, shown, send } = await shelf();
  const ref = await send('the last');
  await scene.database.query(
    `with made as (
       insert into messages (id, chat_id, seq, number, version, sender_id, client_id, body, mac, parts)
       select gen_random_uuid(), $1::uuid, 1000 + n, 1000 + n, 1000 + n, $2::uuid, gen_random_uuid(), m.body, m.mac, '{"saved": true}'
       from generate_series(1, 230) n, messages m where m.id = $3::uuid returning id)
     insert into saved_messages (user_id, message_id, chat_id) select $2::uuid, id, $1::uuid from made`,
    [chatId, bob.id, ref.messageId],
  );
  store.saved.subscribe(() => {});
  await until(() => shown().length === 100, 'the first page');
  expect(store.saved.getSnapshot().hasMore).toBe(true);
  await Promise.all([store.saved.loadMore(), store.saved.loadMore()]);
  expect(shown()).toHaveLength(200);
  await store.saved.loadMore();
  expect(shown()).toHaveLength(230);
  expect(store.saved.getSnapshot().hasMore).toBe(false);
  await bob.client.message.save.mutate(ref);
  await until(() => shown()[0] === 'the last', 'one more');
  expect(shown()).toHaveLength(231);
  store.close();
});
