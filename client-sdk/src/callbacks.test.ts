import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { createOutbox } from './outbox/create-outbox.ts';
import { callIsolated, errorReport } from './report-error.ts';
import type { SessionStorage } from './session/session-storage.ts';
import { createStore } from './store/create-store.ts';
import { listen } from './testing/listen.ts';
import { quick, world } from './testing/world.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

const bug = new Error('a bug of the app');
const fail = (): never => {
  throw bug;
};

test('an outbox whose onSent throws sends once, calls the other listeners, and reports the error once', async () => {
  const { alice, chatId } = await scene.chatOf('alice', 'bob');
  const errors: unknown[] = [];
  let posts = 0;
  const counting: typeof fetch = (url, init) => {
    if (init?.method === 'POST' && String(url instanceof Request ? url.url : url).includes('message.send')) posts += 1;
    return fetch(url, init);
  };
  const phone = await alice.device({ onError: (error) => errors.push(error), fetch: counting });
  const outbox = createOutbox(phone.client, { backoff: quick.backoff });
  const received: string[] = [];
  outbox.onSent(fail);
  outbox.onSent(async () => fail());
  outbox.onSent(({ content }) => received.push(content));
  await outbox.send({ chatId, content: 'once' }).sent;
  await until(() => errors.length === 2, 'both are reported');
  expect({ posts, received, errors }).toEqual({ posts: 1, received: ['once'], errors: [bug, bug] });
  expect(outbox.unsent.getSnapshot()).toEqual([]);
});

test('a stream whose onStatus throws continues', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const errors: unknown[] = [];
  const phone = await bob.device({ onError: (error) => errors.push(error) });
  const broken = phone.client.subscribe({ onEvent: () => {}, onStatus: fail });
  const listening = await listen(phone.client);
  await alice.client.message.send.mutate({ chatId, content: 'hi' });
  expect(await listening.firstContents(1)).toEqual(['hi']);
  expect(phone.toNotify.made).toBe(1);
  broken.unsubscribe();
  // connecting, live, ended
  expect(errors).toEqual([bug, bug, bug]);
});

test('an onSessionEnded that throws does not prevent the sign-out, and the other listeners are called', async () => {
  const errors: unknown[] = [];
  const { client } = await scene.signUp('alice', { onSessionEnded: fail, onError: (error) => errors.push(error) });
  const ends: string[] = [];
  client.onSessionEnded((end) => ends.push(end));
  await client.auth.signout.mutate();
  expect({ ends, errors, session: client.session }).toEqual({ ends: ['signed_out'], errors: [bug], session: null });
});

test('a storage of the session that throws is reported, and everything else works', async () => {
  const errors: unknown[] = [];
  const storage: SessionStorage = { load: fail, save: fail, watch: fail, exclusively: fail };
  const { client } = await scene.signUp('alice', { storage, onError: (error) => errors.push(error) });
  expect(await client.user.me.query()).toMatchObject({ fullName: 'alice' });
  expect(errors).toEqual([bug, bug]);
  await client.auth.signout.mutate();
  expect(client.session).toBeNull();
  expect(await client.restore()).toBeNull();
  expect(new Set(errors)).toEqual(new Set([bug]));
});

test('a storage of the cursor that throws is reported: after a failed load the stream begins with a reset', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const errors: unknown[] = [];
  const phone = await bob.device({ onError: (error) => errors.push(error) });
  const listening = await listen(phone.client, { cursorStorage: { load: fail, save: fail } });
  expect(listening.events.map(({ kind }) => kind).slice(0, 2)).toEqual(['reset', 'ready']);
  await alice.client.message.send.mutate({ chatId, content: 'hi' });
  await listening.firstContents(1);
  expect(new Set(errors)).toEqual(new Set([bug]));
  listening.unsubscribe();
});

test('an onEvent that throws ends only its own stream; the error goes to its onError, or is reported', async () => {
  const { bob } = await scene.workspaceOf('bob');
  const [reported, received]: [unknown[], unknown[]] = [[], []];
  const phone = await bob.device({ onError: (error) => reported.push(error) });
  phone.client.subscribe({ onEvent: fail });
  phone.client.subscribe({
    onEvent: fail,
    onError(error) {
      received.push(error);
      fail();
    },
  });
  await listen(phone.client);
  await until(() => reported.length === 2 && received.length === 1, 'both');
  expect([...reported, ...received]).toEqual([bug, bug, bug]);
});

test('a listener of a slice that throws does not stop the other listeners', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const store = createStore(bob.client, { backoff: quick.backoff });
  await store.ready;
  const { chats } = store;
  let received = 0;
  const before = console.error;
  const printed: unknown[] = [];
  console.error = (error: unknown) => void printed.push(error);
  try {
    chats.subscribe(fail);
    chats.subscribe(() => (received += 1));
    await alice.client.message.send.mutate({ chatId, content: 'hi' });
    await until(() => received > 0, 'notified');
  } finally {
    console.error = before;
  }
  expect(new Set(printed)).toEqual(new Set([bug]));
  store.close();
});

test('errors go to onError, and errors of onError to the platform, once each', async () => {
  const platform: unknown[] = [];
  const scope = globalThis as { reportError?: (error: unknown) => void };
  scope.reportError = (error) => platform.push(error);
  try {
    callIsolated(fail);
    callIsolated(async () => fail());
    const worse = new Error('a bug in onError');
    errorReport(() => {
      throw worse;
    })(bug);
    await until(() => platform.length === 3, 'all');
    expect(platform.filter((error) => error === bug)).toHaveLength(2);
    expect(platform).toContain(worse);
  } finally {
    delete scope.reportError;
  }
});
