import type { Event, PresenceSignal } from '@fechatter/contract';
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client';
import { randomUUID } from 'node:crypto';
import superjson from 'superjson';
import { afterAll, expect, test } from 'vitest';
import type { NotifyRouter } from '../router.ts';
import type { StartOptions } from '../start.ts';
import { eventually } from '../testing/awaited-facts.ts';
import { rawStream } from '../testing/raw-stream.ts';
import { stockStream, type StockStream } from '../testing/stock-client.ts';
import { type Person, testWorld } from '../testing/world.ts';

const world = await testWorld();
/** Everything that takes time is quick here; the lease is not, so that a slow machine loses no stream. */
const quick = { writeMs: 20, graceMs: 300, renewMs: 200, leaseMs: 60_000, gatherMs: 10 };
/** Without periodic reads, so that changes are found by hints alone. */
const hinted = { ...quick, renewMs: 3_600_000 };
const start = (presence: StartOptions['presence'] = quick) => world.notify({ presence });
const [here, there] = [await start(), await start()];
afterAll(async () => {
  await here.close();
  await there.close();
  await world[Symbol.asyncDispose]();
});

const follow = async (person: Person, { url } = here): Promise<StockStream & { readonly streamId: string }> => {
  const stream = stockStream({ url: () => url, token: person.token });
  const streamId = await stream.until((events) => streamIdIn(events));
  return Object.assign(stream, { streamId });
};
const streamIdIn = (events: readonly Event[]) => events.findLast((event) => event.kind === 'ready')?.streamId;
const clientOf = ({ token }: Person, { url } = here) =>
  createTRPCClient<NotifyRouter>({
    links: [
      httpBatchLink({ url: `${url}/trpc`, transformer: superjson, headers: { authorization: `Bearer ${token}` } }),
    ],
  });
const watch = (person: Person, streamId: string, people: readonly { readonly id: string }[], at = here) =>
  clientOf(person, at).presence.watch.mutate({ streamId, userIds: people.map(({ id }) => id) });
const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: unknown) => (error instanceof TRPCClientError ? (error.data as { reason?: string }).reason : error),
  );
const received = ({ events }: StockStream, { id }: { readonly id: string }): readonly PresenceSignal['presence'][] =>
  events.flatMap((event) => (event.kind === 'presence' && event.userId === id ? [event.presence] : []));
const untilReceived = (stream: StockStream, of: Person, ...presence: PresenceSignal['presence'][]) =>
  stream.until(() => JSON.stringify(received(stream, of)) === JSON.stringify(presence) || undefined);
const peopleOf = async (...names: string[]) => {
  const people = await Promise.all(names.map((name) => world.person(name)));
  return { people: people as [Person, Person, Person], workspaceId: await world.workspace(...people) };
};
const idle = () => world.database.query(`update presence_activity set active_at = active_at - interval '5 minutes'`);

test('a watcher receives the state of all watched people at once, and each change, on any instance', async () => {
  const { people } = await peopleOf('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  using watching = await follow(alice);
  using _carols = await follow(carol, there);
  // Any instance takes the call.
  await watch(alice, watching.streamId, [bob, carol], there);
  await untilReceived(watching, bob, 'offline');
  await eventually(() => received(watching, carol).at(-1) === 'online');
  const bobs = await follow(bob, there);
  await untilReceived(watching, bob, 'offline', 'online');
  await idle();
  await untilReceived(watching, bob, 'offline', 'online', 'idle');
  bobs[Symbol.dispose]();
  await untilReceived(watching, bob, 'offline', 'online', 'idle', 'offline');
  const at = watching.events.findLastIndex(({ kind }) => kind === 'presence');
  expect(watching.events[at]).toEqual({ kind: 'presence', userId: bob.id, presence: 'offline', customStatus: null });
  expect(watching.ids[at]).toBe(watching.ids[at - 1]);
});

test('another set replaces the one before, and people in both are sent again', async () => {
  const { people } = await peopleOf('alice', 'bob', 'carol');
  const [alice, bob, carol] = people;
  using watching = await follow(alice);
  await watch(alice, watching.streamId, [bob]);
  await untilReceived(watching, bob, 'offline');
  await watch(alice, watching.streamId, [bob, carol]);
  await untilReceived(watching, carol, 'offline');
  await untilReceived(watching, bob, 'offline', 'offline');
  await watch(alice, watching.streamId, [carol]);
  using _bobs = await follow(bob);
  using _carols = await follow(carol);
  await eventually(() => received(watching, carol).includes('online'));
  expect(received(watching, bob)).toEqual(['offline', 'offline']);
});

test('presence has a custom status until it expires', async () => {
  const { people } = await peopleOf('alice', 'bob');
  const [alice, bob] = people;
  using watching = await follow(alice);
  await watch(alice, watching.streamId, [bob]);
  await world.database.query(`insert into custom_statuses (user_id, emoji, text, expires_at) values ($1, '🌴', 'away', null)`, [bob.id]); // biome-ignore format: one line
  const latest = () => watching.events.findLast((event) => event.kind === 'presence');
  await watching.until(() => latest()?.customStatus ?? undefined);
  expect(latest()?.customStatus).toEqual({ emoji: '🌴', text: 'away', expiresAt: null });
  await world.database.query('update custom_statuses set expires_at = now() where user_id = $1', [bob.id]);
  await watching.until(() => latest()?.customStatus === null || undefined);
});

test('a person who shares no workspace with the watcher is offline to them, and is checked again', async () => {
  const { people, workspaceId } = await peopleOf('alice', 'bob');
  const [alice, bob] = people;
  const stranger = await world.person('stranger');
  using watching = await follow(alice);
  using _bobs = await follow(bob);
  using _strangers = await follow(stranger);
  const nobody = { id: randomUUID() };
  await watch(alice, watching.streamId, [bob, stranger, nobody]);
  await eventually(() => received(watching, bob).at(-1) === 'online');
  expect([received(watching, stranger), received(watching, nobody)]).toEqual([['offline'], ['offline']]);
  await world.leaveWorkspace(workspaceId, bob);
  await eventually(() => received(watching, bob).at(-1) === 'offline');
  await world.workspace(alice, stranger);
  await eventually(() => received(watching, stranger).at(-1) === 'online');
});

test('a stream id is valid only with its own session, and at most 200 people are watched', async () => {
  const { people } = await peopleOf('alice', 'bob');
  const [alice, bob] = people;
  using watching = await follow(alice);
  using _bobs = await follow(bob);
  const otherSession = { ...alice, ...(await world.session(alice.id)) };
  for (const [
    who,
    streamId,
  ] of [[bob, watching.streamId], [otherSession, watching.streamId], [alice, randomUUID()], [alice, 'x']] as const) // biome-ignore format: short
    expect(await reasonOf(watch(who, streamId, [alice]))).toBe('stream_not_found');
  const many = Array.from({ length: 201 }, () => ({ id: randomUUID() }));
  expect(await reasonOf(watch(alice, watching.streamId, many))).toBe('invalid_input');
  expect(await reasonOf(watch(alice, watching.streamId, many.slice(1)))).toBe('done');
  await world.revoke(alice);
  expect(await reasonOf(watch(alice, watching.streamId, [bob]))).toBe('session_revoked');
});

test('a watch over the budget of signals is refused', async () => {
  const slow = await world.notify({ presence: quick }, { FECHATTER_LIMITS_SIGNALS_PER_MINUTE: '2' });
  const alice = await world.person('alice');
  using watching = await follow(alice, slow);
  for (let call = 0; call < 2; call++)
    expect(await reasonOf(watch(alice, watching.streamId, [alice], slow))).toBe('done');
  expect(await reasonOf(watch(alice, watching.streamId, [alice], slow))).toBe('rate_limited');
  await slow.close();
});

test('on the plain wire a ready names the stream, and presence has no id', async () => {
  const { people } = await peopleOf('alice', 'bob');
  const [alice, bob] = people;
  using plain = rawStream(here.url, '/api/notifications/events', { authorization: `Bearer ${alice.token}` });
  const ready = await plain.until((frames) => frames.find(({ event }) => event === 'ready'));
  const { stream_id: streamId } = JSON.parse(ready.data) as { stream_id: string };
  const response = await fetch(`${here.url}/api/presence/watch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${alice.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ stream_id: streamId, user_ids: [bob.id] }),
  });
  expect(response.status).toBe(204);
  expect(await plain.until((frames) => frames.find(({ event }) => event === 'presence'))).toEqual({
    event: 'presence',
    data: JSON.stringify({ user_id: bob.id, presence: 'offline', custom_status: null }),
    id: undefined,
  });
});

test('if every notification is lost, each periodic read finds the changes', async () => {
  const { people } = await peopleOf('alice', 'bob');
  const [alice, bob] = people;
  using watching = await follow(alice);
  await watch(alice, watching.streamId, [bob], there);
  await untilReceived(watching, bob, 'offline');
  // Written past everything that notifies.
  const instanceId = randomUUID();
  const by = [randomUUID()];
  await world.database.query(`select presence_write($1, 60000, $2, $3, '{}', '{}', '{}', '{}')`, [
    instanceId,
    [bob.id],
    by,
  ]);
  await untilReceived(watching, bob, 'offline', 'online');
  await world.database.query(`update presence_streams set user_ids = array[$2::uuid] where id = $1`, [
    watching.streamId,
    alice.id,
  ]);
  await eventually(() => received(watching, alice).at(-1) === 'online');
  // An instance that was killed renews nothing.
  await world.database.query('update presence_instances set leased_until = now() where id = $1', [instanceId]);
  await watch(alice, watching.streamId, [bob]);
  await eventually(() => received(watching, bob).at(-1) === 'offline');
});

test('a hint alone is enough: no change waits for the next periodic read', async () => {
  const { people } = await peopleOf('alice', 'bob');
  const [alice, bob] = people;
  const [first, second] = [await start(hinted), await start(hinted)];
  using watching = await follow(alice, first);
  // The first may not listen yet.
  await eventually(async () => {
    await watch(alice, watching.streamId, [bob], second);
    return received(watching, bob).length > 0;
  });
  using _bobs = await follow(bob, second);
  await eventually(() => received(watching, bob).at(-1) === 'online');
  await first.close();
  await second.close();
});

test('people of an instance that stops cleanly stay online for the time of a reconnect', async () => {
  const { people } = await peopleOf('alice', 'bob');
  const [alice, bob] = people;
  const leaving = await start({ ...quick, graceMs: 60_000 });
  using watching = await follow(alice);
  await watch(alice, watching.streamId, [bob]);
  let urlNow = leaving.url;
  using bobs = stockStream({ url: () => urlNow, token: bob.token });
  await bobs.until((events) => streamIdIn(events));
  await eventually(() => received(watching, bob).at(-1) === 'online');
  urlNow = there.url;
  await leaving.close();
  await bobs.until((events) => events.filter(({ kind }) => kind === 'ready').length === 2 || undefined);
  await idle();
  await eventually(() => received(watching, bob).at(-1) === 'idle');
  expect(received(watching, bob)).toEqual(['offline', 'online', 'idle']);
});

test('after the unlogged tables were emptied everyone’s presence is written again', async () => {
  const { people } = await peopleOf('alice', 'bob');
  const [alice, bob] = people;
  using watching = await follow(alice);
  using _bobs = await follow(bob);
  await watch(alice, watching.streamId, [bob]);
  await eventually(() => received(watching, bob).at(-1) === 'online');
  await world.database.query('truncate presence_instances, presence_people, presence_activity, presence_streams');
  await eventually(async () => {
    // A stream that opens again on a busy machine counts as activity.
    await world.database.query('truncate presence_activity');
    return received(watching, bob).at(-1) === 'idle';
  });
  expect(await reasonOf(watch(alice, watching.streamId, [bob], there))).toBe('done');
});
