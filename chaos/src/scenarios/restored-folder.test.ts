import { createStore } from '@fechatter/client/store';
import { readState } from '@fechatter/client/state';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { chanceOf } from '@fechatter/testing/chance';
import { until } from '@fechatter/testing/until';
import { bearerOf } from '../subscribers/bearer.ts';
import { plainSubscriber } from '../subscribers/plain-subscriber.ts';
import { stockSubscriber } from '../subscribers/stock-subscriber.ts';
import { startSystem } from '../system/system.ts';
import { allReady } from '../system/service.ts';
import { signUp } from '../writers/people.ts';
import { CallTally, repeatCall } from '../writers/retry.ts';

const SOON_MS = 60_000;
const chance = chanceOf(20_261_124);
const system = await startSystem({ instances: { servers: 1, notifies: 2 }, durable: false });
afterAll(() => system[Symbol.asyncDispose]());
const { store, servers, notifies } = system;

test('restoring an earlier copy of the database cuts and resets every client that is ahead of it', {
  timeout: 180_000,
}, async () => {
  const [alice, bob] = [await signUp(system, chance, 'alice'), await signUp(system, chance, 'bob')];
  // The first event of a new system is written between the list and the connection.
  const { eventCursor } = await alice.client.chat.list.query({});
  const { id: workspaceId } = await alice.client.workspace.create.mutate({ name: 'home' });
  for await (const event of alice.client.events({ since: eventCursor })) {
    if (event.kind === 'ready') continue;
    expect(event).toMatchObject({ kind: 'workspace.memberJoined', workspaceId });
    break;
  }
  const { token } = await alice.client.workspace.invite.mutate({ workspaceId, role: 'Member' });
  await bob.client.workspace.acceptInvite.mutate({ token });
  const group = { name: 'group', chatType: 'Group' as const, workspaceId, memberIds: [bob.id] };
  const { id: chatId } = await alice.client.chat.create.mutate(group);
  const send = async (content: string) => {
    const input = { chatId, content: `chaos ${content}` };
    const call = () => alice.client.message.send.mutate(input);
    expect(await repeatCall(new CallTally(), call, SOON_MS, 'message.send')).toMatchObject({ is: 'done' });
  };
  await send('before');
  const { eventCursor: early } = await bob.client.chat.list.query({});
  const copy = join(system.folder, 'copy');
  await store.restart((folder) => cp(join(folder, 'data'), copy, { recursive: true, preserveTimestamps: true }));

  const options = {
    name: 'bob',
    userId: bob.id,
    sessionId: '',
    servers,
    notifies,
    chance,
    bearer: bearerOf(bob.client),
  };
  const subscribers = [plainSubscriber, plainSubscriber, stockSubscriber].map((subscribe) =>
    subscribe({ ...options, intake: { takes: () => true } }),
  );
  const shown = createStore(bob.client, { backoff: { firstMs: 50, maxMs: 500 } });
  await shown.ready;
  shown.messages(chatId).subscribe(() => {});
  const contents = () =>
    shown
      .messages(chatId)
      .getSnapshot()
      .entries.map(({ content }) => content);
  const ledgers = subscribers.map(({ ledger }) => ledger);
  await until(
    () => ledgers.every(({ startPos }) => startPos !== undefined),
    () => 'all listen',
    SOON_MS,
  );
  for (let n = 0; n < 20; n++) await send(`lost ${n}`);
  await until(
    () => ledgers.every(({ deliveries }) => deliveries.length >= 20),
    () => 'all have a reset',
    SOON_MS,
  );
  await until(
    () => contents().includes('chaos lost 19'),
    () => 'the store shows it',
    SOON_MS,
  );

  await store.restart(async (folder) => {
    await rm(join(folder, 'data'), { recursive: true });
    await cp(copy, join(folder, 'data'), { recursive: true, preserveTimestamps: true });
  });
  await allReady(
    [...servers, ...notifies].map(({ service }) => service),
    SOON_MS,
  );
  const reasons = () => ledgers.map(({ resets }) => resets.map(({ reason }) => reason));
  await until(
    () => reasons().every(({ length }) => length > 0),
    () => `all have a reset: ${JSON.stringify(reasons())}`,
    SOON_MS,
  );
  expect(reasons()).toEqual(ledgers.map(() => ['cursor_unknown']));
  await send('after');
  const areDelivered = () => ledgers.every(({ deliveries, resets }) => deliveries.length > (resets[0]?.index ?? 0));
  await until(areDelivered, () => 'the next event is delivered', SOON_MS);
  await until(
    () => contents().at(-1) === 'chaos after',
    () => 'the store continues',
    SOON_MS,
  );
  expect(contents()).toEqual(['chaos before', 'chaos after']);
  const { state } = await readState(bob.client);
  expect(shown.chats.getSnapshot()).toEqual([...state.chats.values()]);

  // A position that the copy contains stays valid, and what follows it is the copy's current state.
  const since: unknown[] = [];
  for await (const event of bob.client.events({ since: early })) {
    since.push(event);
    // The cursor may be older than the position of a message that was sent before the cursor was read.
    if (event.kind === 'message.created' && event.message.content === 'chaos after') break;
  }
  expect(since.at(-1)).toMatchObject({ kind: 'message.created', message: { content: 'chaos after' } });
  expect(since.some((event) => (event as { kind: string }).kind === 'reset')).toBe(false);
  expect(ledgers.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  shown.close();
  await Promise.all(subscribers.map((subscriber) => subscriber.stop()));
});
