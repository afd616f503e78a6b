import { encodeCursor } from '@fechatter/contract';
import { currentCursor } from '@fechatter/drizzle';
import { restCaller } from '@fechatter/rest/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { eventually } from '../testing/awaited-facts.ts';
import { listAll, listClient } from '../testing/list-client.ts';
import { stockStream } from '../testing/stock-client.ts';
import { testWorld } from '../testing/world.ts';

const world = await testWorld();
afterAll(() => world[Symbol.asyncDispose]());

const here = async ({ db, database } = world) => {
  await eventually(async () => {
    const [logged] = await database.query<{ n: number }>('select count(*)::int as n from event_log');
    return (await currentCursor(db.pool)).pos >= (logged?.n ?? 0);
  });
  return encodeCursor(await currentCursor(db.pool));
};
const reasonOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'none',
    (error: { data?: { reason?: string } }) => error.data?.reason,
  );
/** Longer than the test's timeout: a response before that was woken by an event. */
const LONG_SECONDS = 25;

describe.each([
  ['from memory', {}],
  ['from the log', { ringRows: 0 }],
])('missed events, read %s', async (_, options) => {
  const notify = await world.notify(options);
  afterAll(() => notify.close());

  test('are the same as on a stream, by events, ids and order, for any page size', async () => {
    const [alice, bob] = [await world.person(), await world.person()];
    const workspace = await world.workspace(alice, bob);
    const since = await here();
    const chats = [await world.chat(workspace, [alice, bob]), await world.chat(workspace, [alice, bob])] as const;
    const first = await world.send(chats[0], bob, 'first');
    await world.send(chats[1], bob, 'no longer for alice');
    await world.leave(chats[1], alice);
    await world.send(chats[1], bob, 'not for alice');
    await world.edit(chats[0], first, 'changed');
    await world.rename(workspace, bob, 'Another name');
    await world.sendMany(chats[0], bob, 300);
    await here();
    using stream = stockStream({ url: () => notify.url, token: alice.token, lastEventId: since });
    const isWhole = () => stream.events.filter(({ kind }) => kind === 'message.created').length === 301;
    await stream.until((events) => isWhole() && events.some(({ kind }) => kind === 'ready'));
    const streamed = stream.ids.flatMap((id, at) => {
      const event = stream.events[at];
      return event === undefined || event.kind === 'ready' ? [] : [{ id, event }];
    });
    expect(streamed.length).toBeGreaterThan(300);
    const list = listClient(notify.url, alice.token);
    for (const limit of [7, 100, 500]) expect(await listAll(list, since, limit)).toEqual(streamed);
    const exact = await list({ since, limit: streamed.length });
    expect([exact.events.length, exact.hasMore, exact.reset]).toEqual([streamed.length, false, null]);
    expect(await list({ since: exact.cursor })).toMatchObject({ events: [], hasMore: false, reset: null });
  });

  test('are checked again for each page', async () => {
    const [alice, bob] = [await world.person(), await world.person()];
    const workspace = await world.workspace(alice, bob);
    const chat = await world.chat(workspace, [alice, bob]);
    const since = await here();
    for (let i = 0; i < 4; i++) await world.send(chat, bob, `number ${i}`);
    await here();
    const list = listClient(notify.url, alice.token);
    await eventually(async () => (await list({ since })).events.length === 4);
    const page = await list({ since, limit: 2 });
    expect(page.events.map(({ event }) => 'message' in event && event.message.content)).toEqual([
      'number 0',
      'number 1',
    ]);
    await world.leave(chat, alice);
    const rest = await list({ since: page.cursor, waitSeconds: LONG_SECONDS });
    expect(rest.events.map(({ event }) => event.kind)).toEqual(['member.left']);
  });

  test.each([
    ['garbage', 'garbage'],
    ['a place that the log does not have', encodeCursor({ pos: 1_000_000_000, nonce: 1 })],
    ['a place of another database', encodeCursor({ pos: 1, nonce: 1 })],
  ])('%s is a reset without events', async (_, since) => {
    const alice = await world.person();
    const list = listClient(notify.url, alice.token);
    const response = await list({ since, waitSeconds: LONG_SECONDS });
    expect(response).toMatchObject({ events: [], hasMore: false, reset: 'cursor_unknown' });
    expect(await list({ since: response.cursor })).toMatchObject({ reset: null });
  });
});

test('a pruned token, and one that is too far behind, is a reset', async () => {
  await using old = await testWorld();
  const alice = await old.person();
  await old.workspace(alice);
  await old.database.query('select log_step()');
  const since = encodeCursor(await currentCursor(old.db.pool));
  await old.database.query(
    `insert into event_log (user_id, code, subject_id)
     select $1, 15, $1 from generate_series(1, 5001)`,
    [alice.id],
  );
  await old.database.query('select log_step()');
  const notify = await old.notify({ ringRows: 0 });
  const list = listClient(notify.url, alice.token);
  expect(await list({ since })).toMatchObject({ events: [], reset: 'too_far_behind' });
  await old.database.query('delete from log_order where pos < 100');
  expect(await list({ since })).toMatchObject({ events: [], reset: 'cursor_expired' });
  await notify.close();
});

describe('a list that waits', async () => {
  const metricsToken = 'a-token-for-scrapers';
  const env = { FECHATTER_LIMITS_STREAMS_PER_SESSION: '2', FECHATTER_METRICS_TOKEN: metricsToken };
  const notify = await world.notify({ sweepMs: 50 }, env);
  afterAll(() => notify.close());
  /** How many lists and streams have resumed. */
  const resumed = async () => {
    const headers = { authorization: `Bearer ${metricsToken}` };
    const text = await (await fetch(`${notify.url}/metrics`, { headers })).text();
    return Number(/^fechatter_stream_attaches_total\{how="resumed"\} (\d+)$/m.exec(text)?.[1] ?? 0);
  };

  test('returns with the first event, and continues after it', async () => {
    const [alice, bob] = [await world.person(), await world.person()];
    const chat = await world.chat(await world.workspace(alice, bob), [alice, bob]);
    await here();
    const list = listClient(notify.url, alice.token);
    let { cursor: since } = await list({});
    const startedAt = performance.now();
    for (const content of ['one', 'two', 'three']) {
      const waiting = list({ since, waitSeconds: LONG_SECONDS });
      await world.send(chat, bob, content);
      const { events, cursor } = await waiting;
      expect(events).toMatchObject([{ id: cursor, event: { kind: 'message.created', message: { content } } }]);
      since = cursor;
    }
    expect(performance.now() - startedAt).toBeLessThan(LONG_SECONDS * 1_000);
  });

  test('returns without events at its deadline, with a cursor that has moved on', async () => {
    const [alice, bob] = [await world.person(), await world.person()];
    const chat = await world.chat(await world.workspace(bob), [bob]);
    const since = await here();
    const list = listClient(notify.url, alice.token);
    const waiting = list({ since, waitSeconds: 1 });
    await world.send(chat, bob, 'not for alice');
    const { events, cursor, hasMore } = await waiting;
    expect([events, hasMore]).toEqual([[], false]);
    expect(await list({ since: cursor })).toMatchObject({ reset: null });
  });

  test('ends with the event that its session is revoked; the next call is refused', async () => {
    const alice = await world.person();
    const list = listClient(notify.url, alice.token);
    const { cursor: since } = await list({});
    const before = await resumed();
    const waiting = list({ since, waitSeconds: LONG_SECONDS });
    await eventually(async () => (await resumed()) > before);
    await world.revoke(alice);
    expect((await waiting).events).toMatchObject([{ event: { kind: 'session.revoked', sessionId: alice.sessionId } }]);
    expect(await reasonOf(list({ since }))).toBe('session_revoked');
  });

  test('that races the revocation of its session ends in one of two ways, soon', async () => {
    const alice = await world.person();
    const list = listClient(notify.url, alice.token);
    const { cursor: since } = await list({});
    const waiting = list({ since, waitSeconds: LONG_SECONDS });
    await world.revoke(alice);
    const ended = await waiting.then(
      ({ events }) => events[0]?.event.kind,
      (error: { data?: { reason?: string } }) => error.data?.reason,
    );
    expect(['session.revoked', 'session_revoked']).toContain(ended);
  });

  test('counts as a stream', async () => {
    const alice = await world.person();
    const list = listClient(notify.url, alice.token);
    const { cursor: since } = await list({});
    using stream = stockStream({ url: () => notify.url, token: alice.token });
    await stream.until((events) => events[0]);
    const waiting = list({ since, waitSeconds: LONG_SECONDS });
    await eventually(async () => (await reasonOf(list({ since }))) === 'too_many_streams');
    await world.workspace(alice);
    await waiting;
    expect(await reasonOf(list({ since }))).toBe('none');
  });

  test('has the plain form over REST', async () => {
    const [alice, bob] = [await world.person(), await world.person()];
    const chat = await world.chat(await world.workspace(alice, bob), [alice, bob]);
    const since = await here();
    const messageId = await world.send(chat, bob, 'hi');
    await here();
    const call = await restCaller(notify.url);
    const { status, body } = await call(`GET /api/notifications/list?since=${since}&limit=5&wait_seconds=25`, alice);
    expect([status, body]).toEqual([
      200,
      {
        events: [
          { id: expect.any(String), event: 'message', data: { chat_id: chat.id, message_id: messageId, seq: 2 } },
        ],
        cursor: expect.any(String),
        has_more: false,
        reset: null,
      },
    ]);
    const refused = await call('GET /api/notifications/list?limit=501', alice);
    expect(refused).toMatchObject({ status: 400, body: { error: { reason: 'invalid_input' } } });
    expect(await call('GET /api/notifications/list')).toMatchObject({ status: 401 });
  });
});
