import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { isFechatterError } from '../errors.ts';
import { createStore } from '../store/index.ts';
import { listen } from '../testing/listen.ts';
import { tampering } from '../testing/tampering.ts';
import { type Person, world } from '../testing/world.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

const send = async ({ client }: Person, chatId: string, ...contents: string[]) => {
  for (const content of contents) await client.message.send.mutate({ chatId, content });
};
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

test('any number of listeners share one connection', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const [first, second, third] = [await listen(bob.client), await listen(bob.client), await listen(bob.client)];
  expect(bob.toNotify.open).toBe(1);
  await send(alice, chatId, 'hi');
  for (const listening of [first, second, third]) expect(await listening.firstContents(1)).toEqual(['hi']);
  expect(bob.toNotify.made).toBe(1);
  for (const listening of [first, second, third]) listening.unsubscribe();
  await until(() => bob.toNotify.open === 0, 'the connection is closed behind the last listener');
});

test('a break ends the iterable and closes the connection', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  for await (const event of bob.client.events()) {
    if (event.kind === 'ready') await send(alice, chatId, 'one');
    if (event.kind === 'message.created') break;
  }
  await until(() => bob.toNotify.open === 0, 'no connection');
});

test('no event is lost or repeated when the connection is cut repeatedly', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const listening = await listen(bob.client);
  for (const content of numbers(1, 40)) {
    await send(alice, chatId, content);
    if (Number(content) % 7 === 0) bob.toNotify.reset();
  }
  expect(await listening.firstContents(40)).toEqual(numbers(1, 40));
  expect(listening.counts).toMatchObject({ duplicate: 0, gap: 0, healed: 0 });
  expect(listening.statuses.slice(0, 4)).toEqual(['connecting', 'live', 'reconnecting', 'live']);
  listening.unsubscribe();
  expect(listening.statuses.at(-1)).toBe('ended');
});

test('a client that cannot reach the service is offline, and live again when the network is back', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const listening = await listen(bob.client);
  bob.toNotify.cut();
  await until(() => listening.statuses.at(-1) === 'offline', 'offline');
  await send(alice, chatId, 'meanwhile');
  bob.toNotify.restore();
  expect(await listening.firstContents(1)).toEqual(['meanwhile']);
  expect(listening.statuses).toEqual(['connecting', 'live', 'reconnecting', 'offline', 'live']);
});

test('a silent connection is replaced by a new one', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const listening = await listen(bob.client);
  bob.toNotify.silence();
  await send(alice, chatId, 'unheard');
  await until(() => listening.statuses.includes('reconnecting'), 'given up');
  bob.toNotify.restore();
  expect(await listening.firstContents(1)).toEqual(['unheard']);
});

test('since resumes from a cursor, and joins the shared connection once both are at the same position', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const { eventCursor } = await bob.client.chat.list.query({});
  const now = await listen(bob.client);
  await send(alice, chatId, ...numbers(1, 5));
  await now.firstContents(5);
  const late = await listen(bob.client, { since: eventCursor });
  expect(await late.firstContents(5)).toEqual(numbers(1, 5));
  expect(late.events.find(({ kind }) => kind === 'ready')).toMatchObject({ resumed: true });
  await until(() => bob.toNotify.open === 1, 'one connection again');
  await send(alice, chatId, '6', '7');
  expect(await now.firstContents(7)).toEqual(numbers(1, 7));
  expect(await late.firstContents(7)).toEqual(numbers(1, 7));
  now.unsubscribe();
  await send(alice, chatId, '8');
  expect(await late.firstContents(8)).toEqual(numbers(1, 8));
  late.unsubscribe();
});

test('a listener that starts now receives no older events from a connection that is catching up', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const { eventCursor } = await bob.client.chat.list.query({});
  const early = await listen(bob.client);
  await send(alice, chatId, 'old');
  await early.firstContents(1);
  early.unsubscribe();
  const [late, now] = await Promise.all([listen(bob.client, { since: eventCursor }), listen(bob.client)]);
  await send(alice, chatId, 'new');
  expect(await late.firstContents(2)).toEqual(['old', 'new']);
  expect(await now.firstContents(1)).toEqual(['new']);
});

test('a duplicate is dropped, a gap is filled by reconnecting, and a gap that remains is a reset', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const faults = { once: 'lost once', always: 'lost for ever', twice: 'said twice' };
  const phone = await bob.device({ fetch: tampering(faults) });
  const listening = await listen(phone.client);
  await send(alice, chatId, 'first', faults.once, 'then', faults.twice);
  expect(await listening.firstContents(4)).toEqual(['first', faults.once, 'then', faults.twice]);
  await send(alice, chatId, 'end');
  await listening.firstContents(5);
  expect(listening.counts).toMatchObject({ duplicate: 1, gap: 1, healed: 1 });
  await send(alice, chatId, faults.always, 'after');
  expect((await listening.firstContents(6)).at(-1)).toBe('after');
  expect(listening.events.filter(({ kind }) => kind === 'reset')).toMatchObject([{ reason: 'gap' }]);
  expect(listening.counts).toMatchObject({ duplicate: 1, gap: 2, healed: 1 });
});

test('personal events are not repeated while a gap is filled', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const phone = await bob.device({
    fetch: tampering({ once: 'lost' }),
  });
  const listening = await listen(phone.client);
  await send(alice, chatId, 'first', 'lost');
  const own = () => listening.events.filter(({ kind }) => kind === 'chat.preferences');
  await bob.client.chat.setNotifications.mutate({ chatId, level: 'Mentions', mutedForSeconds: null });
  await until(() => own().length > 0, 'the own event has arrived');
  await send(alice, chatId, 'then');
  expect(await listening.firstContents(3)).toEqual(['first', 'lost', 'then']);
  await bob.client.chat.setNotifications.mutate({ chatId, level: 'Nothing', mutedForSeconds: null });
  await until(
    () => own().some((event) => 'notifyLevel' in event && event.notifyLevel === 'Nothing'),
    'the next one too',
  );
  expect(own()).toHaveLength(2);
  expect(listening.counts).toMatchObject({ gap: 1, healed: 1 });
});

test('signals are delivered beside events, and gap detection ignores them', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const phone = await bob.device({ fetch: tampering({ once: 'lost once' }) });
  const listening = await listen(phone.client);
  const seen = () => listening.events.filter((event) => event.kind === 'seen');
  await send(bob, chatId, 'first');
  await until(async () => {
    // A signal may be lost, and a mark that does not change sends none.
    await send(bob, chatId, 'another');
    const { lastSeq } = await alice.client.chat.get.query({ chatId });
    await alice.client.chat.markRead.mutate({ chatId, seq: lastSeq });
    return seen().length > 0;
  }, 'seen');
  expect(seen()[0]).toEqual({ kind: 'seen', chatId, userId: alice.id, lastReadNumber: expect.any(Number) });
  const { cursor, counts } = listening;
  expect(counts).toMatchObject({
    duplicate: 0,
    gap: 0,
    healed: 0,
    applied: listening.events.length - seen().length - 1,
  });
  bob.toNotify.reset();
  await send(alice, chatId, 'lost once', 'last');
  await until(() => listening.contents.includes('last'), 'the last one');
  expect(listening.contents.slice(-2)).toEqual(['lost once', 'last']);
  expect(listening.counts).toMatchObject({ duplicate: 0, gap: 1, healed: 1 });
  const later = await listen(bob.client, { since: cursor });
  await until(() => later.contents.includes('last'), 'the last one');
  expect(later.events.filter(({ kind }) => kind === 'seen')).toEqual([]);
});

test('unknown kinds and keys of a later release are ignored', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const phone = await bob.device({ fetch: tampering({ strange: 'strange' }) });
  const store = createStore(phone.client);
  await store.ready;
  const listening = await listen(phone.client);
  await send(alice, chatId, 'first', 'strange', 'last');
  expect(await listening.firstContents(3)).toEqual(['first', 'strange', 'last']);
  expect(listening.events.map(({ kind }): string => kind)).toContain('chat.danced');
  await until(() => store.chat(chatId).getSnapshot()?.lastMessage?.content === 'last', 'the store continues');
  expect(listening.counts).toMatchObject({ duplicate: 0, gap: 0, healed: 0 });
  store.close();
});

test('a gap directly after a read is detected', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const phone = await bob.device({ fetch: tampering({ once: 'the first' }) });
  const { chats, eventCursor } = await phone.client.chat.list.query({});
  const known = {
    chats: new Map(chats.map(({ id, lastSeq }) => [id, lastSeq])),
    workspaces: new Map<string, number>(),
  };
  const listening = await listen(phone.client, { since: eventCursor, known });
  await send(alice, chatId, 'the first', 'the second');
  expect(await listening.firstContents(2)).toEqual(['the first', 'the second']);
  expect(listening.counts).toMatchObject({ gap: 1, healed: 1 });
});

test('a slow listener delays no other listener, has a bounded queue and misses no event', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const total = 60;
  const fast = await listen(bob.client);
  const slow: string[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const subscription = bob.client.subscribe({
    queueMax: 10,
    async onEvent(event) {
      await held;
      if (event.kind === 'message.created') slow.push(event.message.content);
    },
  });
  await Promise.all(numbers(1, total).map((content) => send(alice, chatId, content)));
  const all = await fast.firstContents(total);
  expect(slow).toEqual([]);
  release();
  await until(() => slow.length === total, 'the slow one has caught up');
  expect(slow).toEqual(all);
  subscription.unsubscribe();
});

test('the cursor is stored after the event was handled', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  let kept: string | undefined;
  const cursorStorage = { load: () => kept, save: (cursor: string) => void (kept = cursor) };
  const first = await listen(bob.client, { cursorStorage });
  await send(alice, chatId, 'one');
  await first.firstContents(1);
  await until(() => kept === first.cursor, 'kept');
  first.unsubscribe();
  await send(alice, chatId, 'two');
  const second = await listen(bob.client, { cursorStorage });
  expect(await second.firstContents(1)).toEqual(['two']);
});

test('an invalid cursor results in a reset', async () => {
  const { bob } = await scene.workspaceOf('bob');
  const listening = await listen(bob.client, { since: 'nonsense' });
  expect(listening.events.map(({ kind }) => kind)).toEqual(['reset', 'ready']);
});

test('a sign-out ends the stream without an error', async () => {
  const { bob } = await scene.workspaceOf('bob');
  const listening = await listen(bob.client);
  await bob.client.auth.signout.mutate();
  await until(() => listening.statuses.at(-1) === 'ended', 'ended');
  expect(listening.errors).toEqual([]);
});

test('a revoked session ends the stream with its reason', async () => {
  const { bob } = await scene.workspaceOf('bob');
  const listening = await listen(bob.client);
  const phone = await bob.device();
  await phone.client.auth.signoutAll.mutate();
  await until(() => listening.errors.length === 1, 'an error');
  expect(listening.events.at(-1)?.kind).toBe('session.revoked');
  expect(isFechatterError(listening.errors[0], 'session_revoked')).toBe(true);
  expect(bob.client.session).toBeNull();
});

test('ending an idle iterator returns at once and closes the connection', async () => {
  const { bob } = await scene.workspaceOf('bob');
  const iterator = bob.client.events()[Symbol.asyncIterator]();
  await iterator.next();
  const idle = iterator.next();
  await iterator.return?.();
  expect(await idle).toEqual({ done: true, value: undefined });
  await until(() => bob.toNotify.open === 0, 'no connection');
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});
