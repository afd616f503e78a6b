import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { browser } from '../testing/tabs.ts';
import { world } from '../testing/world.ts';
import { localStorageStorage } from './local-storage.ts';
import { SessionKeeper } from './session-keeper.ts';
import { memoryStorage, type SessionStorage } from './session-storage.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

/** As if its access token had expired. */
async function expire(storage: SessionStorage): Promise<void> {
  const session = await storage.load();
  if (session !== null) await storage.save({ ...session, token: 'e30.e30.e30' });
}

/** Longer ago than a refresh can be repeated. */
const age = () => scene.database.query(`update sessions set rotated_at = now() - interval '2 minutes'`);

const urlOf = (url: string | URL | Request) => (url instanceof Request ? url.url : String(url));

/** A fetch that holds back the first response to a refresh until it is released. */
function heldRefresh() {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isHolding = false;
  const fetchHeld: typeof fetch = async (url, init) => {
    const response = await fetch(url, init);
    if (isHolding || !urlOf(url).includes('auth.refresh')) return response;
    isHolding = true;
    await released;
    return response;
  };
  return { fetch: fetchHeld, release: () => release(), isHolding: () => isHolding };
}

test('a late response to a refresh does not undo the newer refresh of another tab', async () => {
  const { openTab } = browser({ hasLocks: false });
  const [first, second] = [openTab(), openTab()].map((page) => localStorageStorage('app', page));
  if (first === undefined || second === undefined) expect.fail();
  await scene.signUp('alice', { storage: first });
  await expire(first);
  // The second tab does not learn in time what the first one stores.
  const untold: SessionStorage = { load: () => second.load(), save: (session) => second.save(session) };
  const held = heldRefresh();
  const [ahead, late] = [
    await scene.visit({ storage: first }),
    await scene.visit({ storage: untold, fetch: held.fetch }),
  ];
  await Promise.all([ahead.restore(), late.restore()]);
  const asked = late.user.me.query();
  await until(() => held.isHolding(), 'the late response is on its way');
  await ahead.user.me.query();
  await expire(first);
  await ahead.restore();
  await ahead.user.me.query();
  const kept = await first.load();
  held.release();
  await asked;
  expect(await first.load()).toEqual(kept);

  await age();
  for (const client of [late, ahead]) {
    await expire(first);
    await client.restore();
    await client.user.me.query();
    expect(client.session).not.toBeNull();
  }
});

test('a storage that failed to store the last session is not trusted', async () => {
  const storage = memoryStorage();
  await scene.signUp('alice', { storage });
  await expire(storage);
  const first = (await storage.load()) ?? expect.fail();
  const visitor = await scene.visit({});
  const exchange = (refreshToken: string) => visitor.auth.refresh.mutate({ refreshToken });
  const full: SessionStorage = { ...storage, save: () => {} };
  const keeper = new SessionKeeper({ storage: full, exchange, endOf: () => 'refresh_invalid', report: () => {} });
  await keeper.adopt(first);
  const second = await keeper.refresh(first.token);
  await age();
  const third = await keeper.refresh(second.token);
  expect([first.refreshToken, second.refreshToken]).not.toContain(third.refreshToken);
  expect(keeper.current).toEqual(third);
});

test('a refresh whose response was lost is repeated while the service still accepts it', async () => {
  const storage = memoryStorage();
  let isLosing = true;
  const losing: typeof fetch = async (url, init) => {
    const response = await fetch(url, init);
    if (isLosing && urlOf(url).includes('auth.refresh')) throw new TypeError('the connection broke');
    return response;
  };
  const { client } = await scene.signUp('alice', { storage, fetch: losing });
  await expire(storage);
  await client.restore();
  await expect(client.user.me.query()).rejects.toThrow();
  isLosing = false;
  await until(() => client.session?.token !== 'e30.e30.e30', 'the session is fresh without a call');
  await age();
  await expire(storage);
  await client.restore();
  await client.user.me.query();
  expect(client.session).not.toBeNull();
});
