import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { createOutbox } from '../outbox/create-outbox.ts';
import { browser } from '../testing/tabs.ts';
import { PASSWORD, type Person, quick, world } from '../testing/world.ts';
import { localStorageStorage } from './local-storage.ts';
import type { SessionEnd } from './session-keeper.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

const sessionsOf = async ({ client }: Person) => (await client.auth.sessions.query()).sessions.length;

test('a sign-out offline is effective at once, and is sent when the service can be reached', async () => {
  const alice = await scene.signUp('alice');
  const ends: SessionEnd[] = [];
  const phone = await alice.device({ onSessionEnded: (end) => ends.push(end) });
  expect(await sessionsOf(alice)).toBe(2);
  phone.toServer.cut();
  const { isTold } = await phone.client.signout();
  expect({ ends, session: phone.client.session }).toEqual({ ends: ['signed_out'], session: null });
  expect(await isTold).toBe(false);
  phone.toServer.restore();
  await until(async () => (await sessionsOf(alice)) === 1, 'the service knows');
});

test('auth.signout.mutate does the same', async () => {
  const alice = await scene.signUp('alice');
  const phone = await alice.device();
  phone.toServer.cut();
  await phone.client.auth.signout.mutate();
  expect(phone.client.session).toBeNull();
  phone.toServer.restore();
  await until(async () => (await sessionsOf(alice)) === 1, 'the service knows');
});

test('a sign-out does not wait for a refresh', async () => {
  const alice = await scene.signUp('alice');
  const phone = await alice.device();
  const stale = { ...(phone.client.session ?? expect.fail()), token: 'e30.e30.e30' };
  await phone.client.storage.save(stale);
  await phone.client.restore();
  phone.toServer.silence();
  const call = phone.client.user.me.query().catch(() => {});
  const { isTold } = await phone.client.signout();
  expect(phone.client.session).toBeNull();
  // The response to the refresh was lost: the old token stays valid for a minute, only for repeating the refresh.
  phone.toServer.reset();
  phone.toServer.restore();
  await isTold;
  await call;
  await until(async () => (await sessionsOf(alice)) === 1, 'the service knows');
  expect(phone.client.session).toBeNull();
});

test('a sign-out is sent after a restart, also with an expired token', async () => {
  const alice = await scene.signUp('alice');
  const page = browser({ hasLocks: true });
  const phone = await alice.device({ storage: localStorageStorage('app', page.openTab()) });
  await phone.client.storage.save({ ...(phone.client.session ?? expect.fail()), token: 'e30.e30.e30' });
  await phone.client.restore();
  const kept = () => page.names.filter((name) => name.startsWith('app.item.signout.'));
  phone.toServer.cut();
  await (await phone.client.signout()).isTold;
  expect(kept()).toHaveLength(1);
  const client = await scene.visit({ storage: localStorageStorage('app', page.openTab()) });
  expect(await client.restore()).toBeNull();
  await until(async () => (await sessionsOf(alice)) === 1, 'the service knows');
  await until(() => kept().length === 0, 'nothing of the session is left');
});

test('a sign-out reports whether unsent messages are kept or deleted', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const page = browser({ hasLocks: true });
  const phone = await alice.device({ storage: localStorageStorage('app', page.openTab()) });
  const contents = async () => (await bob.client.message.list.query({ chatId })).messages.map(({ content }) => content);
  phone.toServer.cut();
  const outbox = createOutbox(phone.client, { backoff: quick.backoff });
  for (const content of ['one', 'two']) outbox.send({ chatId, content });
  const { keptCount, discardedCount } = await phone.client.signout({ unsent: 'discard' });
  expect({ keptCount, discardedCount }).toEqual({ keptCount: 0, discardedCount: 2 });
  const again = await alice.device({ storage: localStorageStorage('app', page.openTab()) });
  const next = createOutbox(again.client, { backoff: quick.backoff });
  await next.send({ chatId, content: 'three' }).sent;
  expect(await contents()).toEqual(['three']);
  expect(await again.client.signout()).toMatchObject({ keptCount: 0, discardedCount: 0 });
});

test('an erased account leaves nothing unsent on the device', async () => {
  const { alice, chatId, bob } = await scene.chatOf('alice', 'bob');
  const page = browser({ hasLocks: true });
  const ends: SessionEnd[] = [];
  const tab = page.openTab();
  const phone = await bob.device({ storage: localStorageStorage('app', tab), onSessionEnded: (end) => ends.push(end) });
  await alice.client.chat.removeMember.mutate({ chatId, userId: bob.id });
  const outbox = createOutbox(phone.client, { backoff: quick.backoff });
  await outbox.send({ chatId, content: 'too late' }).sent.catch(() => {});
  const kept = () => page.names.filter((name) => tab.localStorage.getItem(name)?.includes('too late') === true);
  await until(() => kept().length > 0, 'the failed message is kept');
  await phone.client.user.erase.mutate({ password: PASSWORD, confirmation: 'erase' });
  expect({ kept: kept(), session: phone.client.session, ends }).toEqual({
    kept: [],
    session: null,
    ends: ['account_erased'],
  });
});

test('without a session there is nothing to end', async () => {
  const client = await scene.visit({});
  expect(await (await client.signout()).isTold).toBe(true);
});
