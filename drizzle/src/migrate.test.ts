import { expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { migrate, schemaState } from './migrate.ts';
import { emptyDatabase, testDatabase } from './testing/test-database.ts';

test('an empty database is so, and has all of this build after processes that migrated it at once', async () => {
  await using database = await emptyDatabase();
  const db = openDatabase(database);
  expect(await schemaState(db)).toBe('empty');
  await Promise.all([1, 2, 3].map(() => migrate(database)));
  expect(await schemaState(db)).toBe('current');
  const [counts] = await database.query(
    `select count(*)::int as rows, count(distinct created_at)::int as migrations from migrations`,
  );
  expect(counts).toEqual({ rows: counts?.migrations, migrations: counts?.rows });
  await db.close();
});

test('migrating again changes nothing', async () => {
  await using database = await testDatabase();
  const migrations = () => database.query('select id, hash, created_at from migrations order by id');
  const before = await migrations();
  await migrate(database);
  expect(await migrations()).toEqual(before);
});

test('a limit on statements that the database sets for everyone does not stop a migration', async () => {
  await using database = await emptyDatabase();
  await database.query(
    `do $$ begin execute format('alter database %I set statement_timeout = 1', current_database()); end $$`,
  );
  await migrate(database);
  const db = openDatabase(database);
  expect(await schemaState(db)).toBe('current');
  await db.close();
});
