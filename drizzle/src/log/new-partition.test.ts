import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { testDatabase } from '../testing/index.ts';
import { moves } from '../testing/moves.ts';
import { readCuts, readTail, tailStart } from './read.ts';

const database = await testDatabase();
// One connection: its plans are made while the partitions are empty.
const db = openDatabase({ ...database, statementTimeoutMs: 0, plans: 'steady', poolSize: 1 });
beforeAll(() => database.query(moves));
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

const ROWS = 5_000;
const ROUNDS = 10;
/** In each of a round's three statements. */
const TOUCHED_MAX = 10;

const note = (count: number) =>
  database.query('select stage.note($1, gen_random_uuid()) from generate_series(1, $2)', [randomUUID(), count]);
const step = () => db.pool.query({ name: 'log-step', text: 'select log_step()' });

async function rowsTouched(): Promise<number> {
  await db.pool.query('select pg_stat_force_next_flush()');
  const { rows } = await db.pool.query<{ touched: number }>(
    `select sum(idx_tup_read)::int as touched from pg_stat_user_indexes where relname ~ '^event_log_p'`,
  );
  return rows[0]?.touched ?? 0;
}

test.each([0, 1])('partition %i, empty when plans were made, is never walked from its beginning', async (partition) => {
  // Its statistics stay as they are: an ANALYZE would have the plans made anew.
  await database.query(`alter table event_log_p${partition} set (autovacuum_enabled = off)`);
  // As an operator does: from then on the planner knows that it is empty.
  await database.query('vacuum analyze');
  await db.pool.query('set statement_timeout = 0');
  const first = await tailStart(db.pool);
  await step();
  await readTail(db.pool, first.cursor, first.since);
  await readCuts(db.pool, first.since);
  await database.query(`select setval(pg_get_serial_sequence('event_log', 'id'), $1)`, [partition * 1_000_000 + 1]);
  await note(ROWS);
  await step();
  let { cursor, since } = await tailStart(db.pool);
  expect(cursor.pos).toBe(first.cursor.pos + ROWS);

  const before = await rowsTouched();
  for (let round = 0; round < ROUNDS; round++) {
    await note(1);
    await step();
    const read = await readTail(db.pool, cursor, since);
    await readCuts(db.pool, since);
    expect(read).toMatchObject({ isAnchored: true, entries: [{}] });
    [cursor, since] = [read.entries[0] ?? cursor, read.snapshot];
  }
  expect((await rowsTouched()) - before).toBeLessThan(ROUNDS * 3 * TOUCHED_MAX);
});
