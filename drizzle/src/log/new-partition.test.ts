import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { moves } from '../testing/moves.ts';
import { testDatabase } from '../testing/index.ts';
import { readCuts, readTail, tailStart } from './read.ts';

const database = await testDatabase();
// One connection: its plans are made while the second partition is empty.
const db = openDatabase({ ...database, statementTimeoutMs: 0, plans: 'steady', poolSize: 1 });
beforeAll(() => database.query(moves));
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

const ROWS = 5_000;
const READS = 10;

async function rowsTouched(): Promise<number> {
  await db.pool.query('select pg_stat_force_next_flush()');
  const { rows } = await db.pool.query<{ touched: number }>(
    `select sum(coalesce(idx_tup_read, 0))::int as touched from pg_stat_user_indexes where relname = 'event_log_p1'`,
  );
  return rows[0]?.touched ?? 0;
}

test('a read looks at what is new only, also in a partition that was empty when its plan was made', async () => {
  // Its statistics stay as they are: an ANALYZE would have the plans made anew.
  await database.query(`alter table event_log_p1 set (autovacuum_enabled = off)`);
  // As an operator does: from then on the planner knows that it is empty.
  await database.query('vacuum analyze');
  const first = await tailStart(db.pool);
  await readTail(db.pool, first.cursor, first.since);
  await readCuts(db.pool, first.since);
  await database.query(`select setval(pg_get_serial_sequence('event_log', 'id'), 1000000)`);
  await database.query('select stage.note($1, gen_random_uuid()) from generate_series(1, $2)', [randomUUID(), ROWS]);
  await database.query('select log_step()');
  const { cursor, since } = await tailStart(db.pool);
  expect(cursor.pos).toBe(first.cursor.pos + ROWS);

  const before = await rowsTouched();
  for (let read = 0; read < READS; read++) {
    expect(await readTail(db.pool, cursor, since)).toMatchObject({ isAnchored: true, entries: [] });
    await readCuts(db.pool, since);
  }
  expect((await rowsTouched()) - before).toBeLessThan(READS * 10);
});
