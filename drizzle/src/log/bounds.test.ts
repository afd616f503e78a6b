import { codeOf, type Cursor } from '@fechatter/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { testDatabase } from '../testing/index.ts';
import { moves } from '../testing/moves.ts';
import { currentCursor, readTail } from './read.ts';
import { countMissed, replayWindow } from './replay.ts';

const database = await testDatabase();
const db = openDatabase({ ...database, statementTimeoutMs: 0 });
const [owner, workspace, chat] = [randomUUID(), randomUUID(), randomUUID()];
beforeAll(async () => {
  await database.query(moves);
  await database.query('select stage.person($1)', [owner]);
  await database.query('select stage.workspace($1)', [workspace]);
  await database.query('select stage.enter_workspace($1, $2)', [workspace, owner]);
  await database.query(`select stage.chat($1, $2, 'Group', $3)`, [chat, workspace, [owner]]);
  await step();
});
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

const step = () => database.query('select log_step()');
const notes = (count: number, user = owner) =>
  database.query('select stage.note($1, gen_random_uuid()) from generate_series(1, $2)', [user, count]);

/** Messages written without send_batch(), so that they can have the maximum length. */
async function messages(count: number, bodyBytes: number): Promise<void> {
  await database.query(
    `with head as (update chat_heads set last_seq = last_seq + $2, last_number = last_number + $2 where chat_id = $1
       returning workspace_id, last_seq - $2 as seq),
     written as (insert into messages (id, chat_id, seq, number, version, sender_id, client_id, body, mac)
       select gen_random_uuid(), $1, seq + n, seq + n, seq + n, $4, gen_random_uuid(), decode(repeat('ab', $3), 'hex'), ''
       from head, generate_series(1, $2) n returning id, seq)
     insert into event_log (workspace_id, chat_id, chat_seq, code, subject_id)
     select workspace_id, $1, w.seq, ${codeOf('message.created')}, w.id from head, written w order by w.seq`,
    [chat, count, bodyBytes, owner],
  );
}

async function tailReads(from: Cursor) {
  const reads: { rows: number; hasMore: boolean }[] = [];
  for (let cursor: Cursor | undefined = from; cursor !== undefined; ) {
    const read = await readTail(db.pool, cursor, '1:1:');
    expect(read.isAnchored).toBe(true);
    reads.push({ rows: read.entries.length, hasMore: read.hasMore });
    cursor = read.hasMore ? read.entries.at(-1) : undefined;
  }
  return reads;
}

async function replayReads(from: Cursor, to: number) {
  const reads: { rows: number; through: number }[] = [];
  for (let cursor = from; cursor.pos < to; ) {
    const window = await replayWindow(db.pool, owner, cursor, to);
    expect(window).toMatchObject({ isAnchored: true, isComplete: true });
    reads.push({ rows: window.entries.length, through: window.through.pos - from.pos });
    cursor = window.through;
  }
  return reads;
}

test('a read ends after 500 rows and reports that more may follow', async () => {
  const from = await currentCursor(db.pool);
  await notes(1_000);
  await step();
  expect(await tailReads(from)).toEqual([
    { rows: 500, hasMore: true },
    { rows: 500, hasMore: true },
    { rows: 0, hasMore: false },
  ]);
  expect(await replayReads(from, from.pos + 1_000)).toEqual([
    { rows: 500, through: 500 },
    { rows: 500, through: 1_000 },
  ]);
});

test('a read ends with the row that reaches 4 MiB, and the next one continues after it', async () => {
  const from = await currentCursor(db.pool);
  await messages(10, 1_048_576);
  await notes(1);
  await step();
  expect(await tailReads(from)).toEqual([
    { rows: 4, hasMore: true },
    { rows: 4, hasMore: true },
    { rows: 3, hasMore: false },
  ]);
  expect(await replayReads(from, from.pos + 11)).toEqual([
    { rows: 4, through: 4 },
    { rows: 4, through: 8 },
    { rows: 3, through: 11 },
  ]);
});

test('the size of preferences includes the people whom they name', async () => {
  const from = await currentCursor(db.pool);
  await database.query(
    `with p as (insert into users (id, email, full_name, password_hash)
       select i, i, 'x', '-' from (select gen_random_uuid() as i from generate_series(1, 1000)) g returning id)
     insert into blocks (user_id, blocked_id) select $1, id from p`,
    [owner],
  );
  await database.query(
    `insert into event_log (user_id, code, subject_id) select $1, ${codeOf('user.preferences')}, $1 from generate_series(1, 200)`,
    [owner],
  );
  await step();
  expect(await tailReads(from)).toEqual([
    { rows: 105, hasMore: true },
    { rows: 95, hasMore: false },
  ]);
  expect(await replayReads(from, from.pos + 200)).toEqual([
    { rows: 105, through: 105 },
    { rows: 95, through: 200 },
  ]);
});

test('a body above the limit is read alone', async () => {
  const from = await currentCursor(db.pool);
  await messages(2, 5_000_000);
  await step();
  expect(await tailReads(from)).toEqual([
    { rows: 1, hasMore: true },
    { rows: 1, hasMore: true },
    { rows: 0, hasMore: false },
  ]);
});

test('a window examines 10,000 positions, for any audience', async () => {
  const from = await currentCursor(db.pool);
  await notes(10_001, randomUUID());
  await notes(2);
  await step();
  expect(await replayReads(from, from.pos + 10_003)).toEqual([
    { rows: 0, through: 10_000 },
    { rows: 2, through: 10_003 },
  ]);
  expect(await countMissed(db.pool, owner, from.pos, from.pos + 10_003, 5_000)).toBe(2);
});

test('a reader whose row is gone, or has another nonce, is not anchored and is shown nothing', async () => {
  const from = await currentCursor(db.pool);
  await notes(2);
  await step();
  for (const lost of [
    { ...from, nonce: from.nonce ^ 1 },
    { pos: from.pos + 50, nonce: from.nonce },
  ]) {
    expect(await readTail(db.pool, lost, '1:1:')).toMatchObject({ isAnchored: false, entries: [] });
    expect(await replayWindow(db.pool, owner, lost, from.pos + 2)).toMatchObject({ isAnchored: false, entries: [] });
  }
  await database.query('delete from log_order where pos = $1', [from.pos]);
  expect(await readTail(db.pool, from, '1:1:')).toMatchObject({ isAnchored: false, entries: [] });
});

test('a position without its event is a broken history for a tail and an incomplete one for a replay', async () => {
  const from = await currentCursor(db.pool);
  await notes(3);
  await step();
  await database.query('delete from event_log where id = (select event_id from log_order where pos = $1)', [
    from.pos + 2,
  ]);
  expect(await readTail(db.pool, from, '1:1:')).toMatchObject({ isAnchored: false });
  const window = await replayWindow(db.pool, owner, from, from.pos + 3);
  expect(window).toMatchObject({ isAnchored: true, isComplete: false });
});

test('a replay to a position that this database does not have yet is refused', async () => {
  const from = await currentCursor(db.pool);
  expect(await replayWindow(db.pool, owner, from, from.pos + 1)).toMatchObject({ isAnchored: false });
});
