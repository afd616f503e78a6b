import { until } from '@fechatter/testing/until';
import { afterEach, expect, test, vi } from 'vitest';
import { connectClient } from './connection.ts';
import { type Database, openDatabase } from './database.ts';
import { keepConnection } from './log/kept-connection.ts';
import { runSequencer } from './log/sequencer.ts';
import { migrate, schemaState } from './migrate.ts';
import { emptyDatabase, type TestDatabase, testDatabase } from './testing/test-database.ts';
import { inTransaction } from './transaction.ts';

/** Settings that an operator or a distribution may have made for everyone. */
const hostile = {
  default_transaction_isolation: 'repeatable read',
  default_transaction_read_only: 'on',
  default_transaction_deferrable: 'on',
  datestyle: 'German',
  intervalstyle: 'sql_standard',
  timezone: 'America/St_Johns',
  bytea_output: 'escape',
  extra_float_digits: '-15',
  standard_conforming_strings: 'off',
  transform_null_equals: 'on',
  array_nulls: 'off',
  search_path: 'pg_catalog',
  row_security: 'off',
  statement_timeout: '1ms',
  lock_timeout: '1ms',
} as const;
const pinned = {
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  default_transaction_deferrable: 'off',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  transform_null_equals: 'off',
  array_nulls: 'on',
  search_path: 'public, pg_temp',
  row_security: 'on',
  client_encoding: 'UTF8',
};

async function setForEveryone(database: TestDatabase): Promise<void> {
  for (const [name, value] of Object.entries(hostile)) {
    const expected = name === 'search_path' ? value : `'${value}'`;
    // The test's own superuser connection is affected too.
    await database.query(
      `set default_transaction_read_only = off; set statement_timeout = 0; set standard_conforming_strings = on;
       do $$ begin execute format('alter database %I set ${name} = ${expected.replaceAll("'", "''")}', current_database()); end $$`,
    );
  }
}

const settingsOf = async (db: Pick<Database['pool'], 'query'>) => {
  const { rows } = await db.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any ($1)',
    [Object.keys(pinned)],
  );
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
};

afterEach(() => vi.unstubAllEnvs());

test('every kind of connection has the settings that our SQL needs, with any settings of the database', async () => {
  await using database = await testDatabase();
  await setForEveryone(database);
  for (const plans of ['steady', undefined] as const) {
    const db = openDatabase({ ...database, ...(plans && { plans }) });
    expect(await settingsOf(db.pool)).toEqual(pinned);
    const { rows } = await inTransaction(db, (tx) =>
      tx.execute<{ isolation: string; is_read_only: string }>(
        `select current_setting('transaction_isolation') as isolation, current_setting('transaction_read_only') as is_read_only`,
      ),
    );
    expect(rows).toEqual([{ isolation: 'read committed', is_read_only: 'off' }]);
    await db.close();
  }
  const client = await connectClient(database);
  expect(await settingsOf(client)).toEqual(pinned);
  await client.end();
  const ended = new AbortController();
  await keepConnection(
    { ...database, statementTimeoutMs: 0, queryTimeoutMs: 5_000 },
    ended.signal,
    async (kept) => {
      expect(await settingsOf(kept)).toEqual(pinned);
      ended.abort();
    },
    (error) => expect.fail(String(error)),
  );
});

test('a hostile database is migrated, and its log is numbered', async () => {
  await using database = await emptyDatabase();
  await setForEveryone(database);
  await migrate(database);
  const db = openDatabase(database);
  expect(await schemaState(db)).toBe('current');
  const ended = new AbortController();
  const steps = { numbered: 0, idle: 0, lost: 0 };
  const errors: unknown[] = [];
  const numbering = runSequencer(
    { database, onNews: () => {}, onError: (error) => errors.push(error), steps },
    ended.signal,
  );
  await db.pool.query('insert into event_log (user_id, code) values (gen_random_uuid(), 1)');
  await until(() => steps.numbered > 0 || errors.length > 0, 'the event has a position');
  expect(errors).toEqual([]);
  ended.abort();
  await numbering;
  await db.close();
});

test('the environment of an operator’s shell does not affect connections', async () => {
  await using database = await testDatabase();
  vi.stubEnv('PGOPTIONS', '-c default_transaction_isolation=serializable -c no_such_setting=1');
  vi.stubEnv('PGSSLMODE', 'require');
  vi.stubEnv('PGSSLNEGOTIATION', 'direct');
  vi.stubEnv('PGREPLICATION', 'database');
  vi.stubEnv('PGAPPNAME', 'psql');
  vi.stubEnv('PGCLIENT_ENCODING', 'LATIN1');
  const db = openDatabase(database);
  expect(await settingsOf(db.pool)).toEqual(pinned);
  await db.close();
  // They would affect the test's own connections.
  vi.unstubAllEnvs();
});

test('options in the URL override our settings', async () => {
  await using database = await testDatabase();
  const db = openDatabase({ ...database, url: `${database.url}?options=-c%20work_mem%3D9MB` });
  expect((await db.pool.query('show work_mem')).rows).toEqual([{ work_mem: '9MB' }]);
  await db.close();
});
