import type { PresenceHint } from '@fechatter/contract';
import { openDatabase, readPayload, SIGNALS_CHANNEL } from '@fechatter/drizzle';
import { testDatabase } from '@fechatter/drizzle/testing';
import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import type { Connection } from '../hub/connection.ts';
import { newStreamId } from '../hub/stream-id.ts';
import { eventually } from '../testing/awaited-facts.ts';
import { madeUpHub } from '../testing/made-up-hub.ts';
import { WriteTurn } from '../transport/write-turn.ts';
import { InstancePresence } from './instance-presence.ts';
import { OwnPeople } from './own-people.ts';

const database = await testDatabase();
const db = openDatabase({ ...database, statementTimeoutMs: 30_000 });
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

const CROWD = 10_000;
const crowd = Array.from({ length: CROWD }, () => ({ userId: randomUUID(), sessionId: randomUUID() }));
/** A stream of each of them, with only the fields that presence uses. */
const streamsOf = (people = crowd) =>
  people.map(
    ({ userId, sessionId }) =>
      ({
        reader: { userId, connections: new Set() },
        session: { id: sessionId },
        streamId: newStreamId(),
      }) as unknown as Connection,
  );
/** The database, and the statements that it was given by name. */
function counting() {
  const names: string[] = [];
  const query = (config: { readonly name?: string } | string, values?: unknown[]) => {
    names.push(typeof config === 'string' ? config : (config.name ?? ''));
    return typeof config === 'string' ? db.pool.query(config, values) : db.pool.query(config as never);
  };
  return { names, pool: { query: query as unknown as typeof db.pool.query } };
}
const online = async () =>
  Number((await database.query<{ n: string }>('select count(*) as n from presence_now($1) where presence = $2', [crowd.map(({ userId }) => userId), 'online']))[0]?.n); // biome-ignore format: one line
const watchedBy = () => [];
const leaving = { graceMs: 0, leaseMs: 600_000, renewMs: 3_600_000 };
const staying = { ...leaving, graceMs: 3_600_000 };

test('ten thousand streams that connect, reconnect and move cost one statement each time', async () => {
  const [first, second] = [counting(), counting()];
  const one = new OwnPeople({ db: first.pool, instanceId: randomUUID(), periods: staying, watchedBy });
  const two = new OwnPeople({ db: second.pool, instanceId: randomUUID(), periods: leaving, watchedBy });
  const streams = streamsOf();
  for (const stream of streams) one.arrive(stream, false);
  expect(await one.write()).toHaveLength(CROWD);
  expect(first.names).toEqual(['presence-write', 'presence-repair']);
  expect(await one.write()).toEqual([]);
  expect(first.names).toHaveLength(2);
  // They all come back at once: their streams are others, and they were never away.
  for (const stream of streams) one.leave(stream);
  const again = streamsOf();
  for (const stream of again) one.arrive(stream, false);
  expect(await one.write()).toEqual([]);
  expect(first.names).toHaveLength(3);
  expect(await online()).toBe(CROWD);
  // At another instance.
  for (const stream of again) one.leave(stream);
  const moved = streamsOf();
  for (const stream of moved) two.arrive(stream, false);
  expect(await two.write()).toEqual([]);
  expect(second.names).toEqual(['presence-write', 'presence-repair']);
  expect(await one.write()).toEqual([]);
  expect(first.names).toHaveLength(4);
  // Pages that are waited for name no stream.
  for (const stream of moved) two.leave(stream);
  for (const stream of moved) two.arrive(stream, true);
  await two.write();
  expect(await database.query('select id from presence_streams')).toEqual([]);
  for (const stream of moved) two.leave(stream);
  await eventually(async () => (await two.write()).length === 0);
  // A person who is at neither is offline after one instance's time has passed.
  expect(await online()).toBe(CROWD);
  await database.query('truncate presence_instances, presence_people, presence_activity, presence_streams');
});

test('a person who connects and leaves within one write, or returns during it, ends in the right state', async () => {
  const { pool } = counting();
  const instanceId = randomUUID();
  const own = new OwnPeople({ db: pool, instanceId, periods: leaving, watchedBy });
  const some = crowd.slice(0, 3);
  const ids = some.map(({ userId }) => userId).sort();
  const [brief, before, after] = [streamsOf(some), streamsOf(some), streamsOf(some)];
  for (const stream of brief) own.arrive(stream, false);
  for (const stream of brief) own.leave(stream);
  // They were there for a moment, and are gone a moment later.
  expect((await own.write()).toSorted()).toEqual(ids);
  expect((await own.write()).toSorted()).toEqual(ids);
  for (const stream of before) own.arrive(stream, false);
  await own.write();
  for (const stream of before) own.leave(stream);
  const going = own.write();
  for (const stream of after) own.arrive(stream, false);
  await going;
  await own.write();
  const rows = async (table: string) =>
    (await database.query(`select from ${table} where instance_id = $1`, [instanceId])).length;
  expect([await rows('presence_people'), await rows('presence_streams')]).toEqual([3, 3]);
  await database.query('truncate presence_instances, presence_people, presence_activity, presence_streams');
});

test('ten thousand people who connect at once cause one hint, and a few one each', async () => {
  const hints: PresenceHint[] = [];
  const payloads: string[] = [];
  const client = await db.pool.connect();
  client.on('notification', ({ payload = '' }) => {
    payloads.push(payload);
    hints.push(...readPayload(payload).hints);
  });
  await client.query(`listen ${SIGNALS_CHANNEL}`);
  const { names, pool } = counting();
  const periods = { ...staying, writeMs: 10, gatherMs: 10 };
  const hub = madeUpHub();
  const onError = (error: unknown) => expect.fail(String(error));
  const instance = new InstancePresence({
    pool,
    hub,
    turn: new WriteTurn(() => true),
    periods,
    onError,
  });
  const [few, many] = [crowd.slice(0, 2), crowd.slice(2)];
  instance.start();
  for (const stream of streamsOf(many)) instance.arrive(stream, false);
  await eventually(() => hints.length > 0);
  expect(hints).toEqual([{ kind: 'presence.changed', userId: null }]);
  for (const stream of streamsOf(few)) instance.arrive(stream, false);
  await eventually(() => hints.length === 3);
  const named = hints.slice(1).map((hint) => ('userId' in hint ? hint.userId : ''));
  expect(new Set(named)).toEqual(new Set(few.map(({ userId }) => userId)));
  expect(payloads.length).toBeLessThanOrEqual(3);
  // Reading costs nothing where no stream watches.
  expect(names.filter((name) => name !== 'signals').sort()).toEqual([
    'presence-repair',
    'presence-write',
    'presence-write',
  ]);
  await instance.stop();
  client.release(true);
});
