import { afterAll, expect, test } from 'vitest';
import { world } from '../testing/world.ts';
import { localStorageStorage, type StoragePage } from './local-storage.ts';
import { memoryStorage, type SessionStorage } from './session-storage.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

const never = <T>() => new Promise<T>(() => {});
const refuse = (): never => {
  throw new DOMException('cookies are blocked', 'SecurityError');
};
const pageWithLocks = (request: () => Promise<never>): SessionStorage =>
  localStorageStorage('app', { navigator: { locks: { request } } } as unknown as StoragePage);
const lacking: readonly (readonly [string, SessionStorage])[] = [
  ['a lock that another tab never gives back', pageWithLocks(never)],
  ['locks that are refused', pageWithLocks(async () => refuse())],
  ['locks that throw', pageWithLocks(refuse)],
  [
    'locks that cannot be asked for',
    localStorageStorage('app', {
      get navigator() {
        return refuse();
      },
    } as unknown as StoragePage),
  ],
  ['a lock of the app’s that never begins', { ...memoryStorage(), exclusively: never }],
  ['a lock of the app’s that forgets its work', { ...memoryStorage(), exclusively: async <T>() => undefined as T }],
  ['a storage that never responds', { load: never, save: () => {} }],
  ['a storage that never finishes to save', { load: () => null, save: never }],
];

test.each(lacking)('an expired token is refreshed nevertheless: %s', async (_, storage) => {
  const alice = await scene.signUp('alice', { onError: () => {} });
  const stale = { ...(alice.client.session ?? expect.fail()), token: 'e30.e30.e30' };
  let isFirst = true;
  const load = () => {
    if (!isFirst) return storage.load();
    isFirst = false;
    return stale;
  };
  const client = await scene.visit({ storage: { ...storage, load }, onError: () => {} });
  await client.restore();
  expect(await client.user.me.query()).toMatchObject({ id: alice.id });
  expect(client.session?.token).not.toBe(stale.token);
});
