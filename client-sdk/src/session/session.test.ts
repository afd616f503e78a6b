import { afterAll, describe, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { isFechatterError } from '../errors.ts';
import { browser } from '../testing/tabs.ts';
import { type Person, PASSWORD, world } from '../testing/world.ts';
import { localStorageStorage } from './local-storage.ts';
import { memoryStorage } from './session-storage.ts';
import type { SessionEnd } from './session-keeper.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

/** The same session with a token that is refused like an expired one. */
const staled = (session: NonNullable<Person['client']['session']>) => ({ ...session, token: 'e30.e30.e30' });

test('a session is restored from its storage', async () => {
  const storage = memoryStorage();
  const alice = await scene.signUp('alice', { storage });
  const again = await alice.device({ storage: memoryStorage() });
  expect(await again.client.user.me.query()).toMatchObject({ id: alice.id });
  const stored = await storage.load();
  expect(stored).toMatchObject({ id: alice.id, email: alice.email });
});

test('a refused token is refreshed once for any number of calls, and all of them succeed', async () => {
  const storage = memoryStorage();
  const alice = await scene.signUp('alice', { storage });
  await storage.save(staled(alice.client.session ?? expect.fail()));
  await alice.client.restore();
  const responses = await Promise.all(Array.from({ length: 25 }, () => alice.client.user.me.query()));
  expect(new Set(responses.map(({ id }) => id))).toEqual(new Set([alice.id]));
  const [{ refreshes } = { refreshes: 0 }] = await scene.database.query<{ refreshes: number }>(
    `select refresh_number::int as refreshes from sessions where user_id = '${alice.id}'`,
  );
  expect(refreshes - 1).toBeLessThanOrEqual(1);
});

test('the event stream takes a fresh token when it connects again', async () => {
  const storage = memoryStorage();
  const alice = await scene.signUp('alice', { storage });
  await storage.save(staled(alice.client.session ?? expect.fail()));
  await alice.client.restore();
  for await (const event of alice.client.events()) if (event.kind === 'ready') break;
  expect((await storage.load())?.token).not.toBe('e30.e30.e30');
});

test('an expired refresh token ends the session and reports it once', async () => {
  const ends: SessionEnd[] = [];
  const storage = memoryStorage();
  const alice = await scene.signUp('alice', { storage, onSessionEnded: (end) => void ends.push(end) });
  await storage.save({ ...staled(alice.client.session ?? expect.fail()), refreshToken: 'unknown' });
  await alice.client.restore();
  const calls = await Promise.allSettled([alice.client.user.me.query(), alice.client.workspace.list.query()]);
  expect(calls.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(ends).toEqual(['refresh_invalid']);
  expect(await storage.load()).toBeNull();
});

test('an unreachable server ends no session', async () => {
  const storage = memoryStorage();
  const alice = await scene.signUp('alice', { storage });
  await storage.save(staled(alice.client.session ?? expect.fail()));
  await alice.client.restore();
  alice.toServer.cut();
  await expect(alice.client.user.me.query()).rejects.toThrow();
  alice.toServer.restore();
  expect(await alice.client.user.me.query()).toMatchObject({ id: alice.id });
});

describe.each([{ hasLocks: true }, { hasLocks: false }])('two tabs ($hasLocks)', ({ hasLocks }) => {
  test('refresh without disturbing each other', async () => {
    const { openTab } = browser({ hasLocks });
    const alice = await scene.signUp('alice', { storage: localStorageStorage('app', openTab()) });
    const stale = staled(alice.client.session ?? expect.fail());
    const tabs = [openTab(), openTab()].map((page) => localStorageStorage('app', page));
    await tabs[0]?.save(stale);
    const clients = await Promise.all(tabs.map((storage) => scene.visit({ storage })));
    for (const client of clients) expect(await client.restore()).toMatchObject({ id: alice.id });
    const names = await Promise.all(clients.map(async (client) => (await client.user.me.query()).id));
    expect(names).toEqual([alice.id, alice.id]);
    await until(() => clients[0]?.session?.token === clients[1]?.session?.token, 'both hold the same session');
    for (const client of clients) await client.user.me.query();
  });

  test('a sign-out in one ends the other', async () => {
    const { openTab } = browser({ hasLocks });
    const alice = await scene.signUp('alice', { storage: localStorageStorage('app', openTab()) });
    const ends: SessionEnd[] = [];
    const other = await scene.visit({
      storage: localStorageStorage('app', openTab()),
      onSessionEnded: (end) => void ends.push(end),
    });
    await other.restore();
    await alice.client.auth.signout.mutate();
    await until(() => ends.length === 1, 'the other tab is notified');
    expect(ends).toEqual(['signed_out_elsewhere']);
    expect(other.session).toBeNull();
  });
});

test('refusal reasons are typed', async () => {
  const alice = await scene.signUp('alice');
  const visitor = await scene.visit({});
  const refused = await visitor.auth.signin
    .mutate({ email: alice.email, password: `${PASSWORD}?` })
    .catch((error: unknown) => error);
  expect(isFechatterError(refused, 'wrong_credentials')).toBe(true);
  expect(isFechatterError(refused, 'rate_limited')).toBe(false);
  expect(isFechatterError(new Error('other'))).toBe(false);
});
