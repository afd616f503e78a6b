import fc from 'fast-check';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { testDatabase } from './testing/index.ts';
import { parseUtcTime } from './utc-time.ts';

const database = await testDatabase();
const db = openDatabase({ ...database, poolSize: 1 });
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

const parseByPg = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ);

test('a time has the value that pg gives it, as Postgres writes it', async () => {
  const times = fc.sample(
    fc
      .integer({ min: -200_000_000_000, max: 400_000_000_000 })
      .chain((seconds) => fc.tuple(fc.constant(seconds), fc.integer({ min: 0, max: 999_999 }))),
    5_000,
  );
  const { rows } = await db.pool.query<{ text: string }>(
    `select (to_timestamp(s) + make_interval(secs => us / 1000000.0))::text as text from unnest($1::bigint[], $2::int[]) t (s, us)`,
    [times.map(([seconds]) => seconds), times.map(([, micros]) => micros)],
  );
  expect(rows.length).toBe(times.length);
  for (const { text } of rows) expect([text, parseUtcTime(text)]).toEqual([text, parseByPg(text)]);
});

test.each([
  'infinity',
  '-infinity',
  '0044-03-15 12:00:00+00 BC',
  '0050-01-01 00:00:00+00',
  '12026-01-01 00:00:00+00',
  '2026-12-01 09:30:00+05:30',
])('%s has the value that pg gives it', (text) => expect(parseUtcTime(text)).toEqual(parseByPg(text)));

test('a query returns times so', async () => {
  const { rows } = await db.pool.query<{ at: Date }>(`select '2026-12-01 09:30:00.25+00'::timestamptz as at`);
  expect(rows[0]?.at).toEqual(new Date('2026-12-01T09:30:00.250Z'));
});
