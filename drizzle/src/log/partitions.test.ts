import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { openDatabase } from '../database.ts';
import { testDatabase } from '../testing/index.ts';
import { moves } from '../testing/moves.ts';
import { currentCursor, readTail, tailStart } from './read.ts';
import { replayWindow } from './replay.ts';
import { startTail } from './tail.ts';

const owner = randomUUID();

async function stagedDatabase() {
  const database = await testDatabase();
  await database.query(moves);
  const db = openDatabase({ ...database, statementTimeoutMs: 0 });
  const first = async <T>(text: string) => Object.values((await database.query(text))[0] ?? {})[0] as T;
  return {
    ...database,
    db,
    note: (count = 1) =>
      database.query('select stage.note($1, gen_random_uuid()) from generate_series(1, $2)', [owner, count]),
    step: async () => Number(await first<string>('select log_step()')),
    addPartitions: () => first<number>('select log_add_partitions()'),
    prune: (retention: string) => first<number>(`select log_prune(${retention})`),
    /** Simulates this many logged and numbered events. */
    skipTo: async (position: number, id = position) => {
      await database.query(`select setval(pg_get_serial_sequence('event_log', 'id'), ${id})`);
      await database.query(`insert into log_order (pos, event_id, nonce) values (${position}, ${id}, 5)`);
      await database.query(`update log_tick set last_pos = ${position}`);
    },
    partitions: (parent: string) =>
      first<string[]>(
        `select array_agg(substring(relname from '_p(\\d+)$') order by relname) from pg_inherits
         join pg_class c on c.oid = inhrelid where inhparent = '${parent}'::regclass`,
      ),
    [Symbol.asyncDispose]: async () => {
      await db.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

const untouched = await stagedDatabase();
afterAll(() => untouched[Symbol.asyncDispose]());

test('partitions for the next three million rows are there from the first day', async () => {
  const staged = untouched;
  expect(await staged.partitions('event_log')).toEqual(['0', '1', '2', '3']);
  expect(await staged.partitions('log_order')).toEqual(['0', '1', '2', '3']);
  expect(await staged.addPartitions()).toBe(0);
});

test('several processes create partitions while others write, and each is created once', async () => {
  await using staged = await stagedDatabase();
  await staged.skipTo(1_999_990);
  const made = await Promise.all([1, 2, 3].flatMap(() => [staged.addPartitions(), staged.note().then(() => 0)]));
  expect(made.reduce((sum, count) => sum + count, 0)).toBe(2);
  await staged.note(20);
  await staged.step();
  expect(await staged.addPartitions()).toBe(2);
  expect(await staged.partitions('log_order')).toEqual(['0', '1', '2', '3', '4', '5']);
});

test('ids, positions, reads and replays continue across the end of a partition', async () => {
  await using staged = await stagedDatabase();
  const { db } = staged;
  await staged.skipTo(999_990);
  const { cursor, since } = await tailStart(db.pool);
  await staged.note(30);
  expect(await staged.step()).toBe(1_000_020);
  const { entries } = await readTail(db.pool, cursor, since);
  expect(entries.map(({ pos }) => pos)).toEqual(Array.from({ length: 30 }, (_, n) => 999_991 + n));
  const missed = await replayWindow(db.pool, owner, cursor, 1_000_020);
  expect(missed).toMatchObject({ isAnchored: true, isComplete: true, through: { pos: 1_000_020 } });
  expect(missed.entries).toHaveLength(30);
});

test('all rows without a position have partitions for theirs', async () => {
  await using staged = await stagedDatabase();
  await staged.skipTo(999_990);
  await staged.query('alter table event_log alter column id restart with 3500000');
  await staged.note();
  await staged.addPartitions();
  expect(await staged.partitions('log_order')).toEqual(['0', '1', '2', '3', '4', '5', '6']);
});

test('a sequencer creates the partitions that its first step needs', async () => {
  await using staged = await stagedDatabase();
  await staged.skipTo(999_990);
  await staged.note(30);
  await staged.query('drop table log_order_p1');
  await expect(staged.step()).rejects.toThrow('no partition of relation "log_order"');
  const tail = startTail({ database: staged, onStart: () => {}, onRead: () => {}, onError: () => {} });
  await until(() => tail.cursor?.pos === 1_000_020, 'the backlog is numbered');
  await tail.stop();
});

test('partitions younger than the retention are kept, older ones are dropped', async () => {
  await using staged = await stagedDatabase();
  const { db } = staged;
  await staged.note(5);
  await staged.step();
  const old = await currentCursor(db.pool);
  await staged.skipTo(999_990);
  await staged.note(20);
  await staged.step();
  const young = await currentCursor(db.pool);

  expect(await staged.prune(`'72 hours'`)).toBe(0);
  await staged.query(`update event_log set created_at = now() - interval '71 hours'`);
  expect(await staged.prune(`'72 hours'`)).toBe(0);
  expect(await replayWindow(db.pool, owner, old, old.pos)).toMatchObject({ isAnchored: true });
  await staged.query(`update event_log set created_at = now() - interval '73 hours' where id < 1000000`);
  expect(await staged.prune(`'72 hours'`)).toBe(0);
  await staged.query(`update event_log set created_at = now() - interval '73 hours' where id = 1000000`);
  expect(await staged.prune(`'72 hours'`)).toBe(2);

  expect(await staged.partitions('event_log')).toEqual(['1', '2', '3']);
  expect(await replayWindow(db.pool, owner, old, young.pos)).toMatchObject({ isAnchored: false });
  expect(await replayWindow(db.pool, owner, young, young.pos)).toMatchObject({ isAnchored: true });
  await staged.note();
  expect(await staged.step()).toBe(young.pos + 1);
});

test('an old token is reported as not anchored once its partition was pruned', async () => {
  await using staged = await stagedDatabase();
  const start = await currentCursor(staged.db.pool);
  await staged.skipTo(2_000_000);
  await staged.addPartitions();
  await staged.note();
  await staged.step();
  await staged.query(`update event_log set created_at = now() - interval '1 year'`);
  await staged.prune(`'72 hours'`);
  const now = await currentCursor(staged.db.pool);
  expect(await replayWindow(staged.db.pool, owner, start, now.pos)).toMatchObject({ isAnchored: false, entries: [] });
});

test('the log is kept for at least an hour, with any setting', async () => {
  const staged = untouched;
  for (const retention of [`'59 minutes'`, `'-1 day'`, 'null']) {
    await expect(staged.prune(retention)).rejects.toThrow('the log keeps at least an hour');
  }
});

test('a partition in use is dropped the next time', async () => {
  await using staged = await stagedDatabase();
  await staged.skipTo(999_999);
  await staged.note();
  await staged.step();
  await staged.query(`update event_log set created_at = now() - interval '1 year'`);
  const reader = await staged.db.pool.connect();
  await reader.query('begin; select from event_log limit 1');
  expect(await staged.prune(`'72 hours'`)).toBe(1);
  await reader.query('commit');
  reader.release();
  expect(await staged.prune(`'72 hours'`)).toBe(1);
});
