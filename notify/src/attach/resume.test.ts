import { encodeCursor } from '@fechatter/contract';
import { currentCursor } from '@fechatter/drizzle';
import { afterAll, describe, expect, test } from 'vitest';
import { eventually } from '../testing/awaited-facts.ts';
import { begunStream, rawStream } from '../testing/raw-stream.ts';
import { stockStream } from '../testing/stock-client.ts';
import { type Person, testWorld } from '../testing/world.ts';
import { BEHIND_WAIT_MS } from './resume-point.ts';

const world = await testWorld();
afterAll(() => world[Symbol.asyncDispose]());
const PLAIN = '/api/notifications/events';
const bearer = ({ token }: Person) => ({ authorization: `Bearer ${token}` });

describe.each([
  ['from memory', {}],
  ['from the log', { ringRows: 0 }],
])('missed events, read %s', async (_, options) => {
  const notify = await world.notify(options);
  afterAll(() => notify.close());
  const url = () => notify.url;
  const caughtUp = () =>
    eventually(async () => {
      const { pos } = await currentCursor(world.db.pool);
      const logged = await world.database.query<{ n: number }>('select count(*)::int as n from event_log');
      return pos >= (logged[0]?.n ?? 0);
    });

  test('are replayed once and in order, by present access and with present content', async () => {
    const [alice, bob] = [await world.person(), await world.person()];
    const workspace = await world.workspace(alice, bob);
    const [chat, left] = [await world.chat(workspace, [alice, bob]), await world.chat(workspace, [alice, bob])];
    await caughtUp();
    const lastEventId = encodeCursor(await currentCursor(world.db.pool));
    const first = await world.send(chat, bob, 'first');
    await world.send(left, bob, 'no longer for alice');
    await world.leave(left, alice);
    await world.send(left, bob, 'not for alice');
    await world.edit(chat, first, 'changed');
    // All of it was missed: nothing comes live.
    await caughtUp();
    using stream = stockStream({ url, token: alice.token, lastEventId });
    await stream.until((events) => events.find(({ kind }) => kind === 'ready'));
    await stream.until((events) => events.length >= 4);
    expect(stream.events.filter(({ kind }) => kind !== 'ready')).toMatchObject([
      { kind: 'message.created', seq: 2, message: { content: 'changed' } },
      { kind: 'member.left', chatId: left.id, userId: alice.id },
      { kind: 'message.updated', seq: 3, message: { content: 'changed' } },
    ]);
    expect(stream.events.find(({ kind }) => kind === 'ready')).toMatchObject({ resumed: true });
  });

  test('show the present names of people', async () => {
    const [alice, bob] = [await world.person(), await world.person('a name to forget')];
    const workspace = await world.workspace(alice, bob);
    await caughtUp();
    const lastEventId = encodeCursor(await currentCursor(world.db.pool));
    const chat = await world.chat(workspace, [alice, bob]);
    await world.send(chat, bob, 'hi');
    // Replayed frames are cached.
    for (const known of ['a name to forget', '']) {
      await caughtUp();
      using stream = stockStream({ url, token: alice.token, lastEventId });
      const received = await stream.until((events) => events.find(({ kind }) => kind === 'message.created'));
      expect(received).toMatchObject({ message: { sender: { id: bob.id, name: known } } });
      await world.rename(workspace, bob, '');
      await caughtUp();
    }
  });

  test('more than one window is replayed without a gap', async () => {
    const [alice, bob] = [await world.person(), await world.person()];
    const workspace = await world.workspace(alice, bob);
    const chat = await world.chat(workspace, [alice, bob]);
    await caughtUp();
    const lastEventId = encodeCursor(await currentCursor(world.db.pool));
    for (let i = 0; i < 6; i++) await world.sendMany(chat, bob, 200);
    using stream = await begunStream(notify.url, `${PLAIN}?last_event_id=${lastEventId}`, bearer(alice));
    const messages = await stream.until((frames) => {
      const found = frames.filter(({ event }) => event === 'message');
      return found.length >= 1_200 && found;
    });
    expect(messages.map(({ data }) => (JSON.parse(data) as { seq: number }).seq)).toEqual(
      Array.from({ length: 1_200 }, (_, i) => i + 2),
    );
  });

  test.each([
    ['garbage', 'garbage', 'cursor_unknown'],
    ['a place that the log does not have', encodeCursor({ pos: 1_000_000_000, nonce: 1 }), 'cursor_unknown'],
    ['a place of another database', encodeCursor({ pos: 1, nonce: 1 }), 'cursor_unknown'],
  ])('%s gets reset', async (_, token, reason) => {
    const alice = await world.person();
    using stream = await begunStream(notify.url, `${PLAIN}?last_event_id=${token}`, bearer(alice));
    const [reset, ready] = await stream.until((frames) => frames.length >= 2 && frames);
    expect(reset).toMatchObject({ event: 'reset', id: ready?.id });
    expect(JSON.parse(reset?.data ?? '')).toEqual({ cursor: ready?.id, reason });
    expect(ready).toMatchObject({ event: 'ready' });
    expect(JSON.parse(ready?.data ?? '')).toEqual({
      cursor: ready?.id,
      resumed: false,
      stream_id: expect.any(String) as string,
    });
  });

  test('the cursor of a response covers exactly what was committed before it was read', async () => {
    const alice = await world.person();
    const workspace = await world.workspace(alice);
    const chat = await world.chat(workspace, [alice]);
    await world.send(chat, alice, 'before the list');
    await caughtUp();
    const eventCursor = encodeCursor(await currentCursor(world.db.pool));
    await world.send(chat, alice, 'between list and connect');
    using stream = stockStream({ url, token: alice.token, lastEventId: eventCursor });
    await stream.until((events) => events.length >= 2);
    expect(stream.events.filter(({ kind }) => kind !== 'ready')).toMatchObject([
      { kind: 'message.created', message: { content: 'between list and connect' } },
    ]);
  });
});

test('the token of a fresh system can be resumed', async () => {
  await using fresh = await testWorld();
  const notify = await fresh.notify();
  const alice = await fresh.person();
  using first = stockStream({ url: () => notify.url, token: alice.token });
  const ready = await first.until((events) => events[0]);
  if (ready.kind !== 'ready') throw new Error('not ready');
  expect(await currentCursor(fresh.db.pool)).toMatchObject({ pos: 0 });
  first[Symbol.dispose]();
  await fresh.chat(await fresh.workspace(alice), [alice]);
  using again = stockStream({ url: () => notify.url, token: alice.token, lastEventId: ready.cursor });
  await again.until((events) => events.length >= 3);
  expect(again.events.map(({ kind }) => kind).toSorted()).toEqual(['chat.created', 'ready', 'workspace.memberJoined']);
  expect(again.events.find(({ kind }) => kind === 'ready')).toMatchObject({ resumed: true });
  await notify.close();
});

test('a pruned token, and one that is too far behind, gets a reset', async () => {
  await using old = await testWorld();
  const alice = await old.person();
  const workspace = await old.workspace(alice);
  await old.database.query(`select log_step()`);
  const far = encodeCursor(await currentCursor(old.db.pool));
  await old.database.query(
    `
    insert into event_log (user_id, code, subject_id)
    select $1, 15, $1 from generate_series(1, 5001)`,
    [alice.id],
  );
  await old.database.query(`select log_step()`);
  const notify = await old.notify({ ringRows: 0 });
  const resetOf = async (token: string) => {
    using stream = await begunStream(notify.url, `${PLAIN}?last_event_id=${token}`, bearer(alice));
    const { data } = await stream.until((frames) => frames.find(({ event }) => event === 'reset'));
    return (JSON.parse(data) as { reason: string }).reason;
  };
  expect(workspace).toBeDefined();
  expect(await resetOf(far)).toBe('too_far_behind');
  await old.database.query('delete from log_order where pos < 100');
  expect(await resetOf(far)).toBe('cursor_expired');
  await notify.close();
});

test('a token that is ahead of this instance is waited for', async () => {
  const alice = await world.person();
  const chat = await world.chat(await world.workspace(alice), [alice]);
  const notify = await world.notify();
  await eventually(async () => (await fetch(`${notify.url}/readyz`)).status === 200);
  for (let i = 0; i < 20; i++) {
    const id = await world.send(chat, alice, `number ${i}`);
    await world.database.query('select log_step()').catch(() => {});
    const rows = await world.database.query<{ pos: string; nonce: number }>(
      `select o.pos, o.nonce from log_order o join event_log e on e.id = o.event_id where e.subject_id = $1`,
      [id],
    );
    if (rows[0] === undefined) continue;
    const token = encodeCursor({ pos: Number(rows[0].pos), nonce: rows[0].nonce });
    const openedAtMs = performance.now();
    using stream = rawStream(notify.url, `${PLAIN}?last_event_id=${token}`, bearer(alice));
    await stream.until((frames) => frames.length > 0 || stream.socket.closed);
    const [first] = stream.frames();
    if (first === undefined) {
      // The machine is so busy that the instance did not reach it while it waited.
      expect(performance.now() - openedAtMs).toBeGreaterThanOrEqual(BEHIND_WAIT_MS - 1);
      continue;
    }
    expect(first).toMatchObject({ event: 'ready' });
    expect(JSON.parse(first.data)).toMatchObject({ resumed: true });
  }
  await notify.close();
});

test('a cached row is not shown when another history has a different row at its position', async () => {
  await using own = await testWorld();
  const [alice, bob] = [await own.person(), await own.person()];
  const chat = await own.chat(await own.workspace(alice, bob), [alice, bob]);
  const logged = async () => (await own.database.query('select from event_log')).length;
  const numbered = () =>
    eventually(async () => {
      await own.database.query('select log_step()');
      return (await currentCursor(own.db.pool)).pos >= (await logged());
    });
  await numbered();
  const token = encodeCursor(await currentCursor(own.db.pool));
  for (const content of ['one', 'two', 'three']) await own.send(chat, bob, content);
  await numbered();
  const notify = await own.notify();
  await eventually(async () => (await fetch(`${notify.url}/readyz`)).status === 200);
  await own.database.query('update log_order set nonce = nonce + 1 where pos = (select max(pos) - 1 from log_order)');
  using stream = await begunStream(notify.url, `${PLAIN}?last_event_id=${token}`, bearer(alice));
  await stream.until((frames) => frames.find(({ event }) => event === 'ready'));
  expect(stream.frames().flatMap(({ event }) => event ?? [])).toEqual(['reset', 'ready']);
  await notify.close();
});
