import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { openDatabase } from '../database.ts';
import { moves } from '../testing/moves.ts';
import { testDatabase } from '../testing/index.ts';
import { createNotifier } from './notifier.ts';
import { consumerLags } from './consumer-lag.ts';
import type { Consumer } from './consumer.ts';
import { runConsumers } from './run-consumers.ts';

const database = await testDatabase();
const db = openDatabase(database);
beforeAll(async () => {
  await database.query(moves);
});
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

/** A consumer that records its entries, and throws at given ones. */
function watchedConsumer(name: string) {
  const seen: (string | null)[] = [];
  const batches: number[] = [];
  const poison = new Set<string | null>();
  const consumer: Consumer = {
    name,
    consume(_, entries) {
      batches.push(entries.length);
      const bad = entries.find(({ subjectId }) => poison.has(subjectId));
      if (bad !== undefined) return Promise.reject(new Error(`cannot bear ${bad.subjectId}`));
      seen.push(...entries.map(({ subjectId }) => subjectId));
      return Promise.resolve();
    },
    onReset: () => Promise.resolve(),
  };
  return { consumer, seen, batches, poison };
}

async function note(count: number): Promise<string[]> {
  const subjects = Array.from({ length: count }, () => randomUUID());
  await database.query('select stage.note(gen_random_uuid(), s) from unnest($1::uuid[]) s', [subjects]);
  createNotifier(db.pool).notify();
  return subjects;
}

const isThere = async (name: string) => (await consumerLags(db.pool, [name])).length === 1;

test('a new consumer begins at the end of the log, and gets what follows, in order', async () => {
  await note(3);
  await database.query('select log_step()');
  const { consumer, seen } = watchedConsumer('new');
  const running = runConsumers({ database, db, consumers: [consumer], onError: () => {} });
  await until(() => isThere('new'), 'it has a place');
  const subjects = [...(await note(5)), ...(await note(600))];
  await until(() => seen.length >= 605, 'everything is consumed');
  await running.stop();
  expect(seen).toEqual(subjects);
  expect(running.statuses).toMatchObject([{ name: 'new', entries: 605, resets: 1, failures: 0, error: undefined }]);
  expect(await consumerLags(db.pool, ['new'])).toEqual([{ name: 'new', behind: 0, waitingMs: 0 }]);
});

test('entries before one that always throws are consumed; that one is retried and logged, and never skipped', async () => {
  const { consumer, seen, poison, batches } = watchedConsumer('poisoned');
  const errors: (string | undefined)[] = [];
  const onError = (name: string | undefined) => errors.push(name);
  const running = runConsumers({ database, db, consumers: [consumer], onError });
  await until(() => isThere('poisoned'), 'it has a place');
  const subjects = Array.from({ length: 20 }, () => randomUUID());
  poison.add(subjects[12] ?? null);
  await database.query('select stage.note(gen_random_uuid(), s) from unnest($1::uuid[]) s', [subjects]);
  createNotifier(db.pool).notify();
  const [status] = running.statuses;
  await until(() => seen.length === 12 && (status?.failedAttempts ?? 0) > 2, 'it is in the way, and fails again');
  expect(batches.at(-1)).toBe(1);
  expect(seen).toEqual(subjects.slice(0, 12));
  expect(status?.error?.message).toBe(`cannot bear ${subjects[12]}`);
  expect(errors).toContain('poisoned');
  const [lag] = await consumerLags(db.pool, ['poisoned']);
  expect(lag).toMatchObject({ behind: 8 });
  expect(lag?.waitingMs).toBeGreaterThan(0);
  poison.clear();
  await until(() => seen.length === 20, 'it continues by itself');
  expect(seen).toEqual(subjects);
  await until(() => status?.error === undefined && status?.failedAttempts === 0, 'nothing is in the way any more');
  await running.stop();
});

test('a consumer stops before a kind of event that this build does not know', async () => {
  const { consumer, seen } = watchedConsumer('older');
  const running = runConsumers({ database, db, consumers: [consumer], onError: () => {} });
  await until(() => isThere('older'), 'it has a place');
  const [known] = await note(1);
  await database.query('insert into event_log (user_id, code) values (gen_random_uuid(), 999)');
  await note(1);
  const [status] = running.statuses;
  await until(
    () => status?.error?.message.includes('kind 999, which this build does not know'),
    'the error is reported',
  );
  await running.stop();
  expect(seen).toEqual([known]);
  expect(await consumerLags(db.pool, ['older'])).toMatchObject([{ behind: 2 }]);
});
