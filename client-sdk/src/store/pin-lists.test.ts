import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { counted, late } from '../testing/calls.ts';
import { type Person, quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

const send = (person: Person, chatId: string, content: string) =>
  person.client.message.send.mutate({ chatId, content });

/** Bob's store, which shows the pinned messages of a chat with alice. */
async function board(fetch?: typeof globalThis.fetch) {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const device = await bob.device(fetch === undefined ? {} : { fetch });
  const store = createStore(device.client, { backoff: quick.backoff });
  await store.ready;
  const pins = store.pins(chatId);
  expect(pins.getSnapshot()).toBeUndefined();
  pins.subscribe(() => {});
  const shown = () => pins.getSnapshot()?.map(({ content }) => content);
  const history = store.messages(chatId);
  history.subscribe(() => {});
  return { alice, bob: device, chatId, store, pins, shown, history };
}

test('pins, changes, unpins and deletions are shown as on the service, also in the history', async () => {
  const { alice, bob, chatId, store, pins, shown, history } = await board();
  const [one, two, three] = [
    await send(alice, chatId, '1'),
    await send(bob, chatId, '2'),
    await send(alice, chatId, '3'),
  ];
  const ref = (messageId: string) => ({ chatId, messageId });
  for (const { id } of [one, two, three]) await alice.client.message.pin.mutate(ref(id));
  await until(() => shown()?.join() === '3,2,1', 'all are shown');
  await alice.client.message.edit.mutate({ ...ref(one.id), content: '1!' });
  await alice.client.message.react.mutate({ ...ref(two.id), emoji: '👍' });
  await until(() => shown()?.join() === '3,2,1!', 'the edit');
  await until(() => pins.getSnapshot()?.[1]?.reactions.length === 1, 'the reaction');
  const truth = async () => (await bob.client.chat.pins.query({ chatId })).messages;
  expect(pins.getSnapshot()).toEqual(await truth());
  const pinned = () => history.getSnapshot().entries.map(({ message }) => message?.pinnedAt != null);
  await until(() => pinned().join() === 'true,true,true', 'the history shows the pins');

  await alice.client.message.send.mutate({ chatId, content: 'a reply', threadId: two.id });
  await until(() => pins.getSnapshot()?.[1]?.thread?.replyCount === 1, 'the reply');

  await bob.client.message.unpin.mutate(ref(three.id));
  await alice.client.message.pin.mutate(ref(one.id));
  await alice.client.message.unpin.mutate(ref(one.id));
  await alice.client.message.pin.mutate(ref(one.id));
  await until(() => shown()?.join() === '1!,2', 'the latest pinned comes first');
  await until(() => pinned().join() === 'true,true,false', 'the history');
  await alice.client.user.update.mutate({ fullName: 'Alicia' });
  await until(() => pins.getSnapshot()?.[0]?.sender.name === 'Alicia', 'the new name');
  await bob.client.message.delete.mutate(ref(two.id));
  await until(() => shown()?.join() === '1!', 'the deletion');
  await store.react(chatId, one.id, '🎉');
  expect(pins.getSnapshot()?.[0]?.myReactions).toEqual(['🎉']);
  expect(pins.getSnapshot()).toEqual(await truth());
  store.close();
});

test('a list whose response is late shows neither too many pins nor too few', async () => {
  const calls = late('chat.pins');
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const sent: { readonly id: string }[] = [];
  for (const content of ['1', '2', '3']) sent.push(await send(alice, chatId, content));
  const ref = (n: number) => ({ chatId, messageId: sent[n]?.id ?? '' });
  await alice.client.message.pin.mutate(ref(0));
  await alice.client.message.pin.mutate(ref(1));
  const device = await bob.device({ fetch: calls.fetch });
  const store = createStore(device.client, { backoff: quick.backoff });
  await store.ready;
  const pins = store.pins(chatId);
  pins.subscribe(() => {});
  await calls.responded(1);
  await alice.client.message.unpin.mutate(ref(0));
  await alice.client.message.edit.mutate({ ...ref(1), content: '2!' });
  const { lastSeq } = await bob.client.chat.get.query({ chatId });
  await until(() => store.chat(chatId).getSnapshot()?.lastSeq === lastSeq, 'all events have come');
  calls.release();
  await until(() => pins.getSnapshot() !== undefined, 'the response');
  expect(pins.getSnapshot()?.map(({ content }) => content)).toEqual(['2!']);
  await alice.client.message.pin.mutate(ref(2));
  await until(() => pins.getSnapshot()?.length === 2, 'another');
  store.close();
});

test('an unwatched list makes no call; the list of a left chat is dropped, and loaded again with the chat', async () => {
  const calls = counted('chat.pins');
  const { alice, bob, chatId, store, shown, pins } = await board(calls.fetch);
  const { id: messageId } = await send(alice, chatId, 'hi');
  await alice.client.message.pin.mutate({ chatId, messageId });
  await until(() => shown()?.length === 1, 'the pin');
  const { workspaceId } = await bob.client.chat.get.query({ chatId });
  const other = await alice.client.chat.create.mutate({
    name: 'o',
    chatType: 'Group',
    workspaceId,
    memberIds: [bob.id],
  });
  await until(() => store.chat(other.id).getSnapshot() !== undefined, 'the other chat');
  const before = calls.count;
  const elsewhere = await send(alice, other.id, 'there');
  await alice.client.message.pin.mutate({ chatId: other.id, messageId: elsewhere.id });
  await alice.client.chat.removeMember.mutate({ chatId, userId: bob.id });
  await until(() => shown() === undefined, 'nothing is shown');
  expect(calls.count).toBe(before);
  await alice.client.message.unpin.mutate({ chatId, messageId });
  await alice.client.chat.addMembers.mutate({ chatId, userIds: [bob.id] });
  await until(() => pins.getSnapshot()?.length === 0, 'what is pinned when bob is back');
  store.close();
});
