import { afterAll, describe, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { localStorageStorage, type StoragePage } from '../session/local-storage.ts';
import { type ItemStorage, memoryStorage, type SessionStorage } from '../session/session-storage.ts';
import { createStore } from '../store/create-store.ts';
import { browser } from '../testing/tabs.ts';
import { type Person, PASSWORD, quick, world } from '../testing/world.ts';
import { createOutbox } from './create-outbox.ts';
import type { Outbox } from './outbox.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

const { backoff } = quick;
const contentsIn = async ({ client }: Person, chatId: string) =>
  (await client.message.list.query({ chatId, limit: 100 })).messages.map(({ content }) => content).toReversed();
const kept = (outbox: Outbox) => outbox.unsent.getSnapshot().map(({ content, isKept }) => [content, isKept]);
const drained = (outbox: Outbox) => until(() => outbox.unsent.getSnapshot().length === 0, 'everything is sent');

const refuse = (): never => {
  throw new DOMException('not here', 'QuotaExceededError');
};
const pageWith = (change: Partial<Record<'getItem' | 'setItem' | 'removeItem', () => never>>): StoragePage => ({
  localStorage: { ...browser({ hasLocks: false }).openTab().localStorage, ...change },
});
const withItems = (items: ItemStorage): SessionStorage => ({ ...memoryStorage(), items });
const storages: readonly (readonly [string, () => SessionStorage])[] = [
  ['is full', () => localStorageStorage('app', pageWith({ setItem: refuse }))],
  [
    'throws at everything',
    () => localStorageStorage('app', pageWith({ getItem: refuse, setItem: refuse, removeItem: refuse })),
  ],
  [
    'is blocked',
    () =>
      localStorageStorage('app', {
        get localStorage() {
          return refuse();
        },
      }),
  ],
  ['is absent', () => localStorageStorage('app', {} as StoragePage)],
  ['has no items', memoryStorage],
  ['takes nothing without a word', () => withItems({ names: () => [], get: () => null, set: () => {} })],
  ['rejects', () => withItems({ names: async () => refuse(), get: async () => refuse(), set: async () => refuse() })],
  [
    'never responds',
    () =>
      withItems({
        names: () => new Promise(() => {}),
        get: () => new Promise(() => {}),
        set: () => new Promise(() => {}),
      }),
  ],
];

test.each(storages)('a message is sent, shown and marked as not stored where the storage %s', async (_, make) => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const phone = await alice.device({ storage: make() });
  const store = createStore(phone.client, { backoff });
  await store.ready;
  phone.toServer.cut();
  const { sent } = store.send(chatId, 'hello');
  await until(
    () => store.outbox.unsent.getSnapshot().some(({ reason, isSending }) => reason === undefined && !isSending),
    'tried',
  );
  expect(kept(store.outbox)).toEqual([['hello', false]]);
  phone.toServer.restore();
  expect((await sent).content).toBe('hello');
  expect(await contentsIn(bob, chatId)).toEqual(['hello']);
  store.close();
});

describe('a storage that is cleared', () => {
  async function twoTabs() {
    const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
    const tabs = browser({ hasLocks: true });
    const phone = await alice.device({ storage: localStorageStorage('app', tabs.openTab()) });
    phone.toServer.cut();
    const first = createOutbox(phone.client, { backoff });
    const sendings = ['1', '2', '3'].map((content) => first.send({ chatId, content }));
    await until(() => kept(first).every(([, isKept]) => isKept), 'kept');
    const tab = await alice.device({ storage: localStorageStorage('app', tabs.openTab()) });
    tab.toServer.cut();
    const second = createOutbox(tab.client, { backoff });
    await until(() => kept(second).length === 3, 'the second tab has them as well');
    return { bob, chatId, tabs, phone, tab, first, second, sendings };
  }

  test('a message that two tabs have is sent once, and both tabs are notified', async () => {
    const { bob, chatId, tabs, phone, tab, first, second, sendings } = await twoTabs();
    tabs.clear();
    tab.toServer.restore();
    await drained(second);
    phone.toServer.restore();
    await drained(first);
    expect((await Promise.all(sendings.map(({ sent }) => sent))).map(({ content }) => content)).toEqual([
      '1',
      '2',
      '3',
    ]);
    expect(await contentsIn(bob, chatId)).toEqual(['1', '2', '3']);
    expect(tabs.names.filter((name) => name.includes('unsent'))).toEqual([]);
  });

  test('the remaining tab keeps its message and stores it again', async () => {
    const { bob, chatId, tabs, tab, first, second } = await twoTabs();
    first.close();
    tabs.clear();
    await until(() => tabs.names.some((name) => name.includes('unsent')), 'kept again');
    tab.toServer.restore();
    await drained(second);
    expect(await contentsIn(bob, chatId)).toEqual(['1', '2', '3']);
  });

  test('a message that one tab cancelled is not sent by the other', async () => {
    const { bob, chatId, tab, first, second } = await twoTabs();
    const regretted = first.unsent.getSnapshot()[1]?.clientId ?? '';
    await until(() => first.cancel(regretted), 'cancelled between two tries');
    tab.toServer.restore();
    await drained(second);
    expect(await contentsIn(bob, chatId)).toEqual(['1', '3']);
  });
});

test('a stored item that is not a message does not hide the others', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const page = browser({ hasLocks: true }).openTab();
  const phone = await alice.device({ storage: localStorageStorage('app', page) });
  phone.toServer.cut();
  const before = createOutbox(phone.client, { backoff });
  before.send({ chatId, content: 'whole' });
  await until(() => kept(before).every(([, isKept]) => isKept), 'kept');
  before.close();
  for (const [index, text] of ['{', '[]', '{"clientId":"x"}', 'null'].entries())
    page.localStorage.setItem(`app.item.unsent.${alice.id}.${index}`, text);
  phone.toServer.restore();
  await drained(createOutbox(phone.client, { backoff }));
  await until(async () => (await contentsIn(bob, chatId)).includes('whole'), 'sent');
});

test('unsent messages of an ended session wait for their person, and are shown to no other', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const phone = await alice.device();
  phone.toServer.cut();
  const outbox = createOutbox(phone.client, { backoff });
  const { sent } = outbox.send({ chatId, content: 'for later' });
  expect(await phone.client.signout()).toMatchObject({ keptCount: 1, discardedCount: 0 });
  await expect(sent).rejects.toMatchObject({ reason: 'session_ended' });
  expect(outbox.unsent.getSnapshot()).toEqual([]);
  phone.toServer.restore();
  await phone.client.auth.signin.mutate({ email: bob.email, password: PASSWORD });
  const his = createOutbox(phone.client, { backoff });
  await his.send({ chatId, content: 'from bob' }).sent;
  outbox.hurry();
  expect(his.unsent.getSnapshot()).toEqual([]);
  await phone.client.auth.signin.mutate({ email: alice.email, password: PASSWORD });
  const hers = createOutbox(phone.client, { backoff });
  await until(async () => (await contentsIn(bob, chatId)).length === 2, 'sent');
  expect(await contentsIn(bob, chatId)).toEqual(['from bob', 'for later']);
  hers.close();
});

test('a full outbox refuses further messages with an error', async () => {
  const { alice, chatId } = await scene.chatOf('alice', 'bob');
  const phone = await alice.device();
  phone.toServer.cut();
  const outbox = createOutbox(phone.client, { backoff });
  for (let index = 0; index < 1_000; index += 1) outbox.send({ chatId, content: String(index) });
  expect(() => outbox.send({ chatId, content: 'one too many' })).toThrow(RangeError);
  outbox.close();
});
