import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { migrate } from '../migrate.ts';
import { moves } from '../testing/moves.ts';
import { ownPostgres } from '../testing/own-postgres.ts';
import { readRevocations, readTail, tailStart } from './read.ts';

const ROWS = 5_000;
const ROUNDS = 10;
/** The limit for each of a round's three statements. */
const TOUCHED_MAX = 10;

test.each([0, 1])('partition %i, empty when plans were made, is never walked from its beginning', async (partition) => {
  // A separate cluster: an open transaction of another test would hold back the xmin horizon.
  await using postgres = await ownPostgres();
  const { url } = postgres;
  await migrate({ url, applicationName: 'test' });
  const writer = openDatabase({ url, applicationName: 'writer', statementTimeoutMs: 0 });
  // One connection: its plans are made while the partition is empty.
  const reader = openDatabase({ url, applicationName: 'reader', statementTimeoutMs: 0, plans: 'steady', poolSize: 1 });
  const write = (text: string, values: unknown[] = []) => writer.pool.query(text, values);
  const note = (count: number) =>
    write('select stage.note($1, gen_random_uuid()) from generate_series(1, $2)', [randomUUID(), count]);
  const step = () => reader.pool.query({ name: 'log-step', text: 'select log_step()' });
  const rowsTouched = async () => {
    await reader.pool.query('select pg_stat_force_next_flush()');
    const { rows } = await reader.pool.query<{ touched: number }>(
      `select sum(idx_tup_read)::int as touched from pg_stat_user_indexes where relname ~ '^event_log_p'`,
    );
    return rows[0]?.touched ?? 0;
  };
  try {
    await write(moves);
    // Its statistics must not change: an ANALYZE would replan the statements.
    await write(`alter table event_log_p${partition} set (autovacuum_enabled = off)`);
    // As an operator does: from then on the planner believes that it is empty.
    await write('vacuum analyze');
    await reader.pool.query('set statement_timeout = 0');
    const first = await tailStart(reader.pool);
    await step();
    await readTail(reader.pool, first.cursor, first.since);
    await readRevocations(reader.pool, first.since);
    await write(`select setval(pg_get_serial_sequence('event_log', 'id'), $1)`, [partition * 1_000_000 + 1]);
    await note(ROWS);
    await step();
    let { cursor, since } = await tailStart(reader.pool);
    expect(cursor.pos).toBe(first.cursor.pos + ROWS);

    const before = await rowsTouched();
    for (let round = 0; round < ROUNDS; round++) {
      await note(1);
      await step();
      const read = await readTail(reader.pool, cursor, since);
      await readRevocations(reader.pool, since);
      expect(read).toMatchObject({ isAnchored: true, entries: [{}] });
      [cursor, since] = [read.entries[0] ?? cursor, read.snapshot];
    }
    expect((await rowsTouched()) - before).toBeLessThan(ROUNDS * 3 * TOUCHED_MAX);
  } finally {
    await writer.close();
    await reader.close();
  }
});
