import { createElement as h, StrictMode } from 'react';
import { create } from 'react-test-renderer';
import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { createStore } from '../store/create-store.ts';
import { quick, world } from '../testing/world.ts';
import { useChats, useConnection, useMessages, useSend, useUnread } from './hooks.ts';
import { FechatterProvider } from './provider.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

function Room({ chatId }: { readonly chatId: string }) {
  const send = useSend(chatId);
  const { entries } = useMessages(chatId);
  const { status, unsent } = useConnection();
  const unread = useUnread(chatId);
  const lines = entries.map(({ key, content, state }) => h('line', { key, state }, content));
  return h('room', { status, unread, unsent: unsent.length, send }, ...lines);
}

function Rooms() {
  return h('rooms', null, ...useChats().map(({ id }) => h(Room, { key: id, chatId: id })));
}

test('components show changes of others and own ones', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const store = createStore(bob.client, { backoff: quick.backoff });
  const tree = create(h(StrictMode, null, h(FechatterProvider, { store }, h(Rooms))));
  const room = () => tree.root.findAllByType('room' as never)[0];
  const lines = () => tree.root.findAllByType('line' as never).map(({ children }) => children[0]);
  await until(() => room()?.props['status'] === 'live', 'the chat');
  await alice.client.message.send.mutate({ chatId, content: 'hi bob' });
  await until(() => lines()?.length === 1 && room()?.props['unread'] === 1, 'the message');
  const send = room()?.props['send'] as (content: string) => void;
  send('hi alice');
  await until(() => lines()?.length === 2, 'the response');
  await until(() => room()?.props['unread'] === 0 && room()?.props['unsent'] === 0, 'it is sent');
  expect(lines()).toEqual(['hi bob', 'hi alice']);
  tree.unmount();
  store.close();
});
