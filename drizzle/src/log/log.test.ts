import { type Cursor, decodeCursor, encodeCursor } from '@fechatter/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { testDatabase } from '../testing/index.ts';
import { inTransaction } from '../transaction.ts';
import { appendEvents } from './append.ts';
import { currentCursor, readTail, tailStart } from './read.ts';
import { countMissed, replayWindow } from './replay.ts';

const database = await testDatabase();
const db = openDatabase({ ...database, statementTimeoutMs: 0 });
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

const step = async () => (await db.pool.query<{ pos: number | null }>('select log_step() as pos')).rows[0]?.pos;
const note = (userId: string) =>
  inTransaction(db, (tx) => appendEvents(tx, [{ kind: 'session.revoked', userId, subjectId: randomUUID() }]));

test('committed rows are numbered once and densely, and read from any position by their audience', async () => {
  const { cursor, since } = await tailStart(db.pool);
  const userId = randomUUID();
  await note(userId);
  await note(randomUUID());
  expect(await step()).toBe(cursor.pos + 2);
  expect(await step()).toBe(null);

  const read = await readTail(db.pool, cursor, since);
  expect(read).toMatchObject({ isAnchored: true, hasMore: false });
  expect(read.revocations).toHaveLength(2);
  expect(read.entries.map(({ pos }) => pos)).toEqual([cursor.pos + 1, cursor.pos + 2]);

  const now = await currentCursor(db.pool);
  const missed = await replayWindow(db.pool, userId, cursor, now.pos);
  expect(missed).toMatchObject({ isAnchored: true, isComplete: true, through: now });
  expect(missed.entries).toMatchObject([{ pos: cursor.pos + 1, userId }]);
  expect(await countMissed(db.pool, userId, cursor.pos, now.pos, 100)).toBe(1);
});

test('a position that this log never had is no anchor', async () => {
  const cursor: Cursor = { pos: 1_000_000_000, nonce: 1 };
  expect(await readTail(db.pool, cursor, '1:1:')).toMatchObject({ isAnchored: false, entries: [] });
  expect(await replayWindow(db.pool, randomUUID(), cursor, 2_000_000_000)).toMatchObject({ isAnchored: false });
  expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
});
