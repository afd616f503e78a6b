import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { isFechatterError } from '../errors.ts';
import { createStore } from '../store/index.ts';
import { listen } from '../testing/listen.ts';
import { tampering } from '../testing/tampering.ts';
import { type Person, world } from '../testing/world.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

const say = async ({ client }: Person, chatId: string, ...contents: string[]) => {
  for (const content of contents) await client.message.send.mutate({ chatId, content });
};
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

test('any number of listeners share one connection', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const [first, second, third] = [await listen(bob.client), await listen(bob.client), await listen(bob.client)];
  expect(bob.toNotify.open).toBe(1);
  await say(alice, chatId, 'hi');
  for (const heard of [first, second, third]) expect(await heard.said(1)).toEqual(['hi']);
  expect(bob.toNotify.made).toBe(1);
  for (const heard of [first, second, third]) heard.unsubscribe();
  await until(() => bob.toNotify.open === 0, 'the connection is closed behind the last listener');
});

test('the iterable ends with break and leaves no connection', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  for await (const event of bob.client.events()) {
    if (event.kind === 'ready') await say(alice, chatId, 'one');
    if (event.kind === 'message.created') break;
  }
  await until(() => bob.toNotify.open === 0, 'no connection');
});

test('nothing is lost or repeated when the connection is cut again and again', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const heard = await listen(bob.client);
  for (const content of numbers(1, 40)) {
    await say(alice, chatId, content);
    if (Number(content) % 7 === 0) bob.toNotify.reset();
  }
  expect(await heard.said(40)).toEqual(numbers(1, 40));
  expect(heard.counts).toMatchObject({ duplicate: 0, gap: 0, healed: 0 });
  expect(heard.statuses.slice(0, 4)).toEqual(['connecting', 'live', 'reconnecting', 'live']);
  heard.unsubscribe();
  expect(heard.statuses.at(-1)).toBe('ended');
});

test('a client that cannot reach the service is offline, and live again when the network is back', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const heard = await listen(bob.client);
  bob.toNotify.cut();
  await until(() => heard.statuses.at(-1) === 'offline', 'offline');
  await say(alice, chatId, 'meanwhile');
  bob.toNotify.restore();
  expect(await heard.said(1)).toEqual(['meanwhile']);
  expect(heard.statuses).toEqual(['connecting', 'live', 'reconnecting', 'offline', 'live']);
});

test('a silent connection is given up and another one opened', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const heard = await listen(bob.client);
  bob.toNotify.silence();
  await say(alice, chatId, 'unheard');
  await until(() => heard.statuses.includes('reconnecting'), 'given up');
  bob.toNotify.restore();
  expect(await heard.said(1)).toEqual(['unheard']);
});

test('since goes on from a place, and joins the shared connection where both pass', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const { eventCursor } = await bob.client.chat.list.query({});
  const now = await listen(bob.client);
  await say(alice, chatId, ...numbers(1, 5));
  await now.said(5);
  const late = await listen(bob.client, { since: eventCursor });
  expect(await late.said(5)).toEqual(numbers(1, 5));
  expect(late.events.find(({ kind }) => kind === 'ready')).toMatchObject({ resumed: true });
  await until(() => bob.toNotify.open === 1, 'one connection again');
  await say(alice, chatId, '6', '7');
  expect(await now.said(7)).toEqual(numbers(1, 7));
  expect(await late.said(7)).toEqual(numbers(1, 7));
  now.unsubscribe();
  await say(alice, chatId, '8');
  expect(await late.said(8)).toEqual(numbers(1, 8));
  late.unsubscribe();
});

test('a listener that begins now gets nothing older from a connection that catches up', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const { eventCursor } = await bob.client.chat.list.query({});
  const early = await listen(bob.client);
  await say(alice, chatId, 'old');
  await early.said(1);
  early.unsubscribe();
  const [late, now] = await Promise.all([listen(bob.client, { since: eventCursor }), listen(bob.client)]);
  await say(alice, chatId, 'new');
  expect(await late.said(2)).toEqual(['old', 'new']);
  expect(await now.said(1)).toEqual(['new']);
});

test('a duplicate is dropped, a gap is healed by connecting once more, and one that stays is a reset', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const faults = { once: 'lost once', always: 'lost for ever', twice: 'said twice' };
  const phone = await bob.device({ fetch: tampering(faults) });
  const heard = await listen(phone.client);
  await say(alice, chatId, 'first', faults.once, 'then', faults.twice);
  expect(await heard.said(4)).toEqual(['first', faults.once, 'then', faults.twice]);
  await say(alice, chatId, 'end');
  await heard.said(5);
  expect(heard.counts).toMatchObject({ duplicate: 1, gap: 1, healed: 1 });
  await say(alice, chatId, faults.always, 'after');
  expect((await heard.said(6)).at(-1)).toBe('after');
  expect(heard.events.filter(({ kind }) => kind === 'reset')).toMatchObject([{ reason: 'gap' }]);
  expect(heard.counts).toMatchObject({ duplicate: 1, gap: 2, healed: 1 });
});

test('events for one person alone do not come again while a gap is closed', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const phone = await bob.device({
    fetch: tampering({ once: 'lost' }),
  });
  const heard = await listen(phone.client);
  await say(alice, chatId, 'first', 'lost');
  const own = () => heard.events.filter(({ kind }) => kind === 'chat.preferences');
  await bob.client.chat.setNotifications.mutate({ chatId, level: 'Mentions', mutedForSeconds: null });
  await until(() => own().length > 0, 'the own event has arrived');
  await say(alice, chatId, 'then');
  expect(await heard.said(3)).toEqual(['first', 'lost', 'then']);
  await bob.client.chat.setNotifications.mutate({ chatId, level: 'Nothing', mutedForSeconds: null });
  await until(
    () => own().some((event) => 'notifyLevel' in event && event.notifyLevel === 'Nothing'),
    'the next one too',
  );
  expect(own()).toHaveLength(2);
  expect(heard.counts).toMatchObject({ gap: 1, healed: 1 });
});

test('signals are handed out beside events, and are no part of what proves that nothing is missing', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const phone = await bob.device({ fetch: tampering({ once: 'lost once' }) });
  const heard = await listen(phone.client);
  const seen = () => heard.events.filter((event) => event.kind === 'seen');
  await say(bob, chatId, 'first');
  await until(async () => {
    // A signal may be lost, and a mark that does not change sends none.
    await say(bob, chatId, 'another');
    const { lastSeq } = await alice.client.chat.get.query({ chatId });
    await alice.client.chat.markRead.mutate({ chatId, seq: lastSeq });
    return seen().length > 0;
  }, 'seen');
  expect(seen()[0]).toEqual({ kind: 'seen', chatId, userId: alice.id, lastReadNumber: expect.any(Number) });
  const { cursor, counts } = heard;
  expect(counts).toMatchObject({ duplicate: 0, gap: 0, healed: 0, applied: heard.events.length - seen().length - 1 });
  bob.toNotify.reset();
  await say(alice, chatId, 'lost once', 'last');
  await until(() => heard.contents.includes('last'), 'the last one');
  expect(heard.contents.slice(-2)).toEqual(['lost once', 'last']);
  expect(heard.counts).toMatchObject({ duplicate: 0, gap: 1, healed: 1 });
  const later = await listen(bob.client, { since: cursor });
  await until(() => later.contents.includes('last'), 'the last one');
  expect(later.events.filter(({ kind }) => kind === 'seen')).toEqual([]);
});

test('kinds and keys of a later release are passed over', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const phone = await bob.device({ fetch: tampering({ strange: 'strange' }) });
  const store = createStore(phone.client);
  await store.ready;
  const heard = await listen(phone.client);
  await say(alice, chatId, 'first', 'strange', 'last');
  expect(await heard.said(3)).toEqual(['first', 'strange', 'last']);
  expect(heard.events.map(({ kind }): string => kind)).toContain('chat.danced');
  await until(() => store.chat(chatId).getSnapshot()?.lastMessage?.content === 'last', 'the store goes on');
  expect(heard.counts).toMatchObject({ duplicate: 0, gap: 0, healed: 0 });
  store.close();
});

test('a gap right behind what a read has shown is found', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const phone = await bob.device({ fetch: tampering({ once: 'the first' }) });
  const { chats, eventCursor } = await phone.client.chat.list.query({});
  const known = {
    chats: new Map(chats.map(({ id, lastSeq }) => [id, lastSeq])),
    workspaces: new Map<string, number>(),
  };
  const heard = await listen(phone.client, { since: eventCursor, known });
  await say(alice, chatId, 'the first', 'the second');
  expect(await heard.said(2)).toEqual(['the first', 'the second']);
  expect(heard.counts).toMatchObject({ gap: 1, healed: 1 });
});

test('a slow listener holds nobody up, keeps a bounded queue and misses nothing', async () => {
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
  await Promise.all(numbers(1, total).map((content) => say(alice, chatId, content)));
  const all = await fast.said(total);
  expect(slow).toEqual([]);
  release();
  await until(() => slow.length === total, 'the slow one has caught up');
  expect(slow).toEqual(all);
  subscription.unsubscribe();
});

test('a place is kept behind what was handled', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  let kept: string | undefined;
  const cursorStorage = { load: () => kept, save: (cursor: string) => void (kept = cursor) };
  const first = await listen(bob.client, { cursorStorage });
  await say(alice, chatId, 'one');
  await first.said(1);
  await until(() => kept === first.cursor, 'kept');
  first.unsubscribe();
  await say(alice, chatId, 'two');
  const second = await listen(bob.client, { cursorStorage });
  expect(await second.said(1)).toEqual(['two']);
});

test('a place that cannot be honoured is answered with a reset', async () => {
  const { bob } = await scene.workspaceOf('bob');
  const heard = await listen(bob.client, { since: 'nonsense' });
  expect(heard.events.map(({ kind }) => kind)).toEqual(['reset', 'ready']);
});

test('a person who signs out is told that the stream has ended, without an error', async () => {
  const { bob } = await scene.workspaceOf('bob');
  const heard = await listen(bob.client);
  await bob.client.auth.signout.mutate();
  await until(() => heard.statuses.at(-1) === 'ended', 'ended');
  expect(heard.errors).toEqual([]);
});

test('a revoked session ends the stream with its reason', async () => {
  const { bob } = await scene.workspaceOf('bob');
  const heard = await listen(bob.client);
  const phone = await bob.device();
  await phone.client.auth.signoutAll.mutate();
  await until(() => heard.errors.length === 1, 'an error');
  expect(heard.events.at(-1)?.kind).toBe('session.revoked');
  expect(isFechatterError(heard.errors[0], 'session_revoked')).toBe(true);
  expect(bob.client.session).toBeNull();
});

test('an iterator that is ended while nothing happens ends at once and leaves no connection', async () => {
  const { bob } = await scene.workspaceOf('bob');
  const iterator = bob.client.events()[Symbol.asyncIterator]();
  await iterator.next();
  const idle = iterator.next();
  await iterator.return?.();
  expect(await idle).toEqual({ done: true, value: undefined });
  await until(() => bob.toNotify.open === 0, 'no connection');
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});
