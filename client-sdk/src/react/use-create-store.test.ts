import { createElement as h, StrictMode, useEffect } from 'react';
import { act, create } from 'react-test-renderer';
import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { counted } from '../testing/calls.ts';
import { quick, world } from '../testing/world.ts';
import type { Store } from '../store/store.ts';
import { useChats } from './hooks.ts';
import { FechatterProvider } from './provider.ts';
import { useCreateStore } from './use-create-store.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

test('under StrictMode a store is created once, and closed with its component', async () => {
  const { bob, chatId } = await scene.chatOf('alice', 'bob');
  const calls = counted('chat.list');
  const { client, toNotify } = await bob.device({ fetch: calls.fetch });
  const stores = new Set<Store>();
  let effects = 0;
  const App = () => {
    const store = useCreateStore(client, { backoff: quick.backoff });
    useEffect(() => {
      effects += 1;
    }, []);
    if (store === null) return h('loading');
    stores.add(store);
    return h(FechatterProvider, { store }, h(Chats));
  };
  const Chats = () => h('chats', { ids: useChats().map(({ id }) => id) });
  const tree = create(h(StrictMode, null, h(App)));
  await until(() => tree.root.findAllByType('chats' as never)[0]?.props['ids'].length === 1, 'the chats');
  expect(tree.root.findByType('chats' as never).props['ids']).toEqual([chatId]);
  const [store] = stores;
  await until(() => store?.connection.getSnapshot().status === 'live', 'live');
  expect([effects, stores.size, calls.count, toNotify.open]).toEqual([2, 1, 1, 1]);
  act(() => tree.unmount());
  await until(() => toNotify.open === 0, 'the connection is closed');
  expect(store?.connection.getSnapshot().status).toBe('ended');
});

test('when the person signs out and in again there is another store', async () => {
  const { bob } = await scene.chatOf('alice', 'bob');
  const password = 'correct horse battery staple';
  const { client, email } = await bob.device();
  const stores = new Set<Store>();
  const App = () => {
    const store = useCreateStore(client, { backoff: quick.backoff });
    if (store !== null) stores.add(store);
    return h(store === null ? 'nothing' : 'something');
  };
  const tree = create(h(App));
  const shows = (name: string) => until(() => tree.root.findAllByType(name as never).length === 1, name);
  await shows('something');
  await client.auth.signout.mutate();
  tree.update(h(App));
  await shows('nothing');
  await client.auth.signin.mutate({ email, password });
  tree.update(h(App));
  await shows('something');
  const [first, second] = stores;
  await second?.ready;
  await until(() => first?.connection.getSnapshot().status === 'ended', 'the first one has ended');
  expect(second?.chats.getSnapshot()).toHaveLength(1);
  tree.unmount();
});
