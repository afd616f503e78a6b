import { expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { dumpSchema } from './schema-dump.ts';
import { emptyDatabase, testDatabase } from './testing/test-database.ts';

test('schema.sql is the result of migrations and functions; `pnpm db:schema` writes it', async () => {
  await using database = await testDatabase();
  const db = openDatabase(database);
  await expect(await dumpSchema(db.pool)).toMatchFileSnapshot('../schema.sql');
  await db.close();
});

test('the dump is the same for every database, and has no partitions', async () => {
  await using one = await testDatabase();
  await using other = await emptyDatabase();
  await migrate(other);
  await one.query(`alter table event_log alter column id restart with 5000000`);
  await one.query('select stage from (select nextval(pg_get_serial_sequence($1, $2)) as stage) s', ['event_log', 'id']);
  await one.query('select log_add_partitions()');
  const dumps = await Promise.all(
    [one, other].map(async (database) => {
      const db = openDatabase(database);
      const dump = await dumpSchema(db.pool);
      await db.close();
      return dump;
    }),
  );
  expect(dumps[0]).toBe(dumps[1]);
  expect(dumps[0]).not.toContain('_p0');
});
