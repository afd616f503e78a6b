import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { testDatabase } from '../testing/index.ts';
import { isNumbered, logState, logWarnings } from './log-state.ts';

const database = await testDatabase();
const db = openDatabase({ ...database, poolSize: 1, statementTimeoutMs: 0 });
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});
const write = () =>
  database.query(`insert into event_log (user_id, code, subject_id) select id, 50, id from gen_random_uuid() id`);

test('a fresh log is at position 0 with its partitions created ahead', async () => {
  const state = await logState(db.pool);
  expect(state).toMatchObject({ lastPos: 0, unnumberedMs: 0, partitionsAhead: 3 });
  expect(Math.abs(Date.now() - state.databaseTimeMs)).toBeLessThan(60_000);
});

test('a row without a position is reported as waiting until it is numbered', async () => {
  await write();
  await write();
  expect((await logState(db.pool)).unnumberedMs).toBeGreaterThan(0);
  await db.pool.query('set statement_timeout = 0');
  await db.pool.query('select log_step()');
  expect(await logState(db.pool)).toMatchObject({ lastPos: 2, unnumberedMs: 0 });
});

test('missing partitions are counted on the side that has fewer', async () => {
  await database.query('drop table log_order_p3, log_order_p2');
  expect((await logState(db.pool)).partitionsAhead).toBe(1);
  await database.query('select log_add_partitions()');
  expect((await logState(db.pool)).partitionsAhead).toBe(3);
});

test.each([
  [1_200_000, /^this machine's clock is 1200 s ahead of the database's/],
  [-1_200_000, /^this machine's clock is 1200 s behind the database's/],
])('a clock that is off by %i ms is reported', async (offMs, words) => {
  const state = await logState(db.pool);
  expect(logWarnings(state, state.databaseTimeMs + offMs)).toEqual([expect.stringMatching(words)]);
  expect(logWarnings(state, state.databaseTimeMs + Math.sign(offMs) * 1_000)).toEqual([]);
});

test('a log without a sequencer is a warning, and does not deliver', async () => {
  const state = { ...(await logState(db.pool)), unnumberedMs: 60_000 };
  expect(isNumbered(state)).toBe(false);
  expect(logWarnings(state)).toEqual(['an event waits for its position for 60 s: no process numbers events']);
});
