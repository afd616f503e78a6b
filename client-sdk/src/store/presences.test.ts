import { until } from '@fechatter/testing/until';
import { afterAll, expect, test } from 'vitest';
import { counted } from '../testing/calls.ts';
import { quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

test('presence and status of a watched person are shown, also after a reconnect', async () => {
  const { alice, bob } = await scene.workspaceOf('alice', 'bob');
  const watching = counted('presence.watch');
  const device = await bob.device({ fetch: watching.fetch });
  const [hers, his] = [alice, device].map(({ client }) => createStore(client, { backoff: quick.backoff }));
  if (hers === undefined || his === undefined) throw new Error('two stores');
  await Promise.all([hers.ready, his.ready]);
  const alices = his.presence(alice.id);
  expect([his.presence(alice.id), alices.getSnapshot()]).toEqual([alices, undefined]);
  const leave = alices.subscribe(() => {});
  const leaveToo = alices.subscribe(() => {});
  await until(() => alices.getSnapshot()?.presence === 'online', 'she is online');
  expect(watching.count).toBe(1);
  await alice.client.user.setStatus.mutate({ emoji: '🌴', text: 'away' });
  await until(() => alices.getSnapshot()?.customStatus?.text === 'away', 'her status');
  device.toNotify.cut();
  await alice.client.user.setStatus.mutate({});
  device.toNotify.restore();
  await until(() => alices.getSnapshot()?.customStatus === null, 'what has changed meanwhile');
  leave();
  expect(alices.getSnapshot()).toBeDefined();
  const before = watching.count;
  leaveToo();
  expect(alices.getSnapshot()).toBeUndefined();
  await until(() => watching.count > before, 'no person is watched');
  hers.close();
  his.close();
});

test('activity is reported once a minute, and its end at once', async () => {
  const { bob } = await scene.workspaceOf('bob');
  const calls = counted('user.setActivity');
  const { client } = await bob.device({ fetch: calls.fetch });
  const store = createStore(client, { backoff: quick.backoff });
  await store.ready;
  store.setActive(false);
  for (let stroke = 0; stroke < 100; stroke++) store.setActive();
  await until(() => calls.count === 1, 'active');
  store.setActive(false);
  store.setActive(false);
  await until(() => calls.count === 2, 'not active');
  store.setActive();
  await until(() => calls.count === 3, 'active again');
  store.close();
});
