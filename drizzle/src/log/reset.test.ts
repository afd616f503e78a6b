import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { testDatabase } from '../testing/index.ts';
import { moves } from '../testing/moves.ts';
import { currentCursor, readTail } from './read.ts';
import { countMissed, replayWindow } from './replay.ts';

const database = await testDatabase();
const db = openDatabase({ ...database, statementTimeoutMs: 0 });
beforeAll(() => database.query(moves));
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

const owner = randomUUID();
const note = () => db.pool.query('select stage.note($1, $2)', [owner, randomUUID()]);
const step = async () => (await db.pool.query<{ pos: number | null }>('select log_step() as pos')).rows[0]?.pos ?? null;

test('the token of a fresh system stays good after its first event', async () => {
  const start = await currentCursor(db.pool);
  expect(start.pos).toBe(0);
  await note();
  await step();
  const missed = await replayWindow(db.pool, owner, start, 1);
  expect(missed).toMatchObject({ isAnchored: true, isComplete: true, through: { pos: 1 } });
  expect(missed.entries).toHaveLength(1);
  expect(await countMissed(db.pool, owner, 0, 1, 10)).toBe(1);
});

test('a reset invalidates every token and empties the log, and the log continues', async () => {
  await note();
  await step();
  const old = await currentCursor(db.pool);
  await database.query('select log_reset()');
  const start = await currentCursor(db.pool);
  expect(start.pos).toBe(0);
  expect(await readTail(db.pool, old, '1:1:')).toMatchObject({ isAnchored: false });
  expect(await readTail(db.pool, { ...start, nonce: old.nonce }, '1:1:')).toMatchObject({ isAnchored: false });
  await note();
  expect(await step()).toBe(1);
  expect((await readTail(db.pool, start, '1:1:')).entries).toHaveLength(1);
});

test('a reset works after the first positions were pruned', async () => {
  await database.query('drop table log_order_p0');
  await database.query('select log_reset()');
  await note();
  expect(await step()).toBe(1);
});

test('rows of a transaction that spans a reset are numbered after it', async () => {
  const slow = await db.pool.connect();
  await slow.query('begin; select pg_current_xact_id()');
  await database.query('select log_reset()');
  await slow.query('select stage.note($1, $2)', [owner, randomUUID()]);
  await slow.query('commit');
  slow.release();
  expect(await step()).toBe(1);
});

test('a reset deadlocks with no writer, step or reader', async () => {
  const resets = { left: 25 };
  const errors: unknown[] = [];
  const keepAt = async (work: () => Promise<unknown>) => {
    while (resets.left > 0) await work().catch((error: unknown) => errors.push(error));
  };
  const reading = async () => {
    const cursor = await currentCursor(db.pool);
    await readTail(db.pool, cursor, '1:1:');
    await replayWindow(db.pool, owner, cursor, cursor.pos);
  };
  const workers = [note, step, step, reading, reading].map(keepAt);
  for (; resets.left > 0; resets.left--) await database.query('select log_reset()');
  await Promise.all(workers);
  expect(errors).toEqual([]);
});
