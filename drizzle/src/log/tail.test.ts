import type { Cursor } from '@fechatter/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { openDatabase } from '../database.ts';
import { testDatabase } from '../testing/index.ts';
import { moves } from '../testing/moves.ts';
import type { TailRead } from './read.ts';
import { startTail, type TailOptions } from './tail.ts';

const KILLS = 6;

const database = await testDatabase();
const db = openDatabase({ ...database, statementTimeoutMs: 0 });
const owner = randomUUID();
beforeAll(() => database.query(moves));
beforeEach(() => database.query('select log_step()'));
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

async function note(): Promise<string> {
  const subject = randomUUID();
  await db.pool.query('select stage.note($1, $2)', [owner, subject]);
  return subject;
}

/** A tail that records its reads. */
function follow(name: string, onRead: TailOptions['onRead'] = () => {}) {
  const [starts, seen, revocations, errors]: [Cursor[], string[], string[], unknown[]] = [[], [], [], []];
  let revocationsOfLastRead = 0;
  const take = async (read: TailRead) => {
    await onRead(read);
    revocationsOfLastRead = read.revocations.length;
    revocations.push(...read.revocations.map(({ subjectId }) => subjectId ?? ''));
    seen.push(...read.entries.map(({ subjectId }) => subjectId ?? ''));
  };
  const tail = startTail({
    database: { ...database, applicationName: name },
    onStart: (cursor) => void starts.push(cursor),
    onRead: take,
    onError: (error) => void errors.push(error),
  });
  const stop = () => tail.stop();
  const hasForgotten = () => revocationsOfLastRead === 0;
  return { tail, starts, seen, revocations, errors, hasForgotten, [Symbol.asyncDispose]: stop };
}

test('a tail sees each event once and in order, however often its connections are ended', async () => {
  await using following = follow('killed');
  const { tail, starts, seen, hasForgotten } = following;
  await until(() => tail.cursor !== undefined, 'the tail has begun');
  const noted: string[] = [];
  for (let kills = 0; kills < KILLS; ) {
    noted.push(await note(), await note());
    const ended = await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'killed'`,
    );
    if (ended.length > 0) kills++;
    noted.push(await note());
    await until(() => seen.length > noted.length - 3, 'the tail is back');
  }
  await until(() => seen.length >= noted.length, 'the tail has seen everything');
  expect(seen).toEqual(noted);
  expect(starts).toHaveLength(1);
  await until(hasForgotten, 'what was revoked is behind');
});

test('a tail restarts when its history was replaced', async () => {
  await note();
  await using following = follow('replaced');
  const { tail, starts, seen, errors } = following;
  await until(() => tail.cursor !== undefined, 'the tail has begun');
  await database.query('select log_reset()');
  await until(() => starts.length === 2, 'the tail has begun again');
  expect(errors).toMatchObject([{ message: 'the history of the event log was replaced; beginning anew' }]);
  expect(starts[1]?.pos).toBe(0);
  const subject = await note();
  await until(() => seen.includes(subject), 'the tail continues');
  expect(tail.cursor?.pos).toBe(1);
});

test('a failed read is repeated, and renews no lease', async () => {
  let isFailing = true;
  let failed = 0;
  await using following = follow('failing', () => {
    if (!isFailing) return;
    failed++;
    throw new Error('not now');
  });
  const { tail, seen } = following;
  await until(() => failed > 1, 'it has failed');
  expect(tail.isFresh).toBe(false);
  const subject = await note();
  isFailing = false;
  await until(() => seen.includes(subject), 'it was read again');
  expect(seen).toEqual([subject]);
  expect(tail.isFresh).toBe(true);
});

test('a stalled sequencer delays events, but not revocations', async () => {
  const staller = await db.pool.connect();
  await staller.query(`begin; select pg_advisory_xact_lock(hashtext('fechatter.log_step'))`);
  await using following = follow('stalled');
  const { tail, seen, revocations } = following;
  await until(() => tail.isFresh, 'the tail is fresh');
  const subject = await note();
  tail.wake();
  await until(() => revocations.includes(subject), 'the revocation was read');
  expect(seen).toEqual([]);
  await staller.query('rollback');
  staller.release();
  await until(() => seen.includes(subject), 'the event came');
});

test('a statement limit of the database does not stop the log', async () => {
  await using limited = await testDatabase();
  await limited.query(moves);
  await limited.query(
    `do $$ begin execute format('alter database %I set statement_timeout = 5000', current_database()); end $$`,
  );
  const seen: string[] = [];
  const tail = startTail({
    database: limited,
    onStart: () => {},
    onRead: ({ entries }) => void seen.push(...entries.map(({ subjectId }) => subjectId ?? '')),
    onError: () => {},
  });
  const subject = randomUUID();
  await until(() => tail.cursor !== undefined, 'the tail has begun');
  await limited.query('select stage.note($1, $2)', [owner, subject]);
  await until(() => seen.includes(subject), 'the event came');
  await tail.stop();
});
