import { readFileSync } from 'node:fs';
import { until } from '@fechatter/testing/until';
import { expect, test } from 'vitest';
import { thisBuild } from './build.ts';
import { connectClient } from './connection.ts';
import { type Database, openDatabase } from './database.ts';
import { migrate, schemaState } from './migrate.ts';
import { dumpSchema } from './schema-dump.ts';
import { buildOf, grantAs01, migrateAs01, migrationsOf01 } from './testing/builds.ts';
import { emptyDatabase, type TestDatabase, testDatabase } from './testing/test-database.ts';

const marker = (text: string) =>
  `create or replace function marker() returns text language sql as $$ select '${text}' $$;`;

const lastOf = (statement: string) => ({ statements: [statement], madeAtMs: Date.now(), hash: statement });

async function opened<T>(database: TestDatabase, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(database);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

test('the catalog has the functions of drizzle/sql, and no other', async () => {
  await using database = await testDatabase();
  const rows = await database.query<{ name: string }>(
    `select proname as name from pg_proc where pronamespace = 'public'::regnamespace order by 1`,
  );
  const written = thisBuild.sqlFiles.flatMap(({ text }) =>
    [...text.matchAll(/^create or replace function (\w+)\(/gm)].map(([, name = '']) => name),
  );
  expect(written.toSorted()).toEqual(rows.map(({ name }) => name));
});

test('the views have every column of their tables except those of the past', async () => {
  await using database = await testDatabase();
  const columnsOf = async (table: string) => {
    const rows = await database.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
      [table],
    );
    return rows.map(({ name }) => name).filter((name) => !/^(?:left_|revoked_at$|guest_seq$)/.test(name));
  };
  for (const of of ['chat_members', 'workspace_members', 'sessions'])
    expect((await columnsOf(`live_${of}`)).toSorted()).toEqual((await columnsOf(of)).toSorted());
});

test('a file holds functions and views and nothing else, and migrations leave them to the files', () => {
  for (const { name, text } of thisBuild.sqlFiles) {
    const outside = text
      .replace(/as (\$\$)[^]*?\$\$;/g, '')
      .replaceAll(/--.*$/gm, '')
      .replaceAll(/^create or replace view \w+ as\n[^;]*;/gm, '');
    expect(outside.match(/;|\b(?:drop|alter|insert|grant)\b/), name).toBeNull();
  }
  const later = thisBuild.migrations.slice(migrationsOf01.length).flatMap(({ statements }) => statements);
  for (const statement of later) {
    expect(statement).not.toMatch(/\b(?:create|alter) (?:function|view)\b/i);
    // An index or a trigger may need a function before the files are applied; the file may have changed since.
    for (const [made] of statement.matchAll(/create or replace function [^]*? language /g))
      expect(thisBuild.sqlFiles.filter(({ text }) => text.includes(made))).toHaveLength(1);
  }
});

test('a database of release 0.1 becomes the same as a fresh one', async () => {
  await using database = await emptyDatabase();
  await migrateAs01(database);
  await opened(database, async (db) => {
    expect(await schemaState(db)).toBe('older');
    await database.query(
      'insert into event_log (user_id, code) select gen_random_uuid(), unnest(array[14, 30, 34, 40])',
    );
    await migrate(database);
    expect(await schemaState(db)).toBe('current');
    expect(await database.query('select code from event_log where takes_away order by 1')).toEqual([
      { code: 30 },
      { code: 34 },
    ]);
    const fresh = readFileSync(new URL('../schema.sql', import.meta.url), 'utf8');
    expect(await dumpSchema(db.pool)).toBe(fresh);
  });
});

test('while processes of release 0.1 are connected nothing is migrated, and they are named', async () => {
  await using database = await emptyDatabase();
  await migrateAs01(database);
  // Named as in 0.1; other connections may stay.
  const names = [
    'fechatter-server@one',
    'fechatter-server@one-send',
    'fechatter-notify@two',
    'fechatter-start',
    'psql',
  ];
  const [server, send, notify, ...others] = await Promise.all(
    names.map((applicationName) => connectClient({ ...database, applicationName })),
  );
  await expect(migrate(database)).rejects.toMatchObject({
    message: expect.stringMatching(
      /before 0\.2\.0 .*: fechatter-notify@two \(1 connections\), fechatter-server@one \(1 .*fechatter-server@one-send/,
    ),
    isForOperator: true,
  });
  await opened(database, async (db) => expect(await schemaState(db)).toBe('older'));
  await Promise.all([server?.end(), send?.end(), notify?.end()]);
  const here = await connectClient({ ...database, applicationName: `fechatter-server/${thisBuild.release}@one` });
  await migrate(database);
  await opened(database, async (db) => expect(await schemaState(db)).toBe('current'));
  // If nothing is due, no process is refused: a server migrates at each start.
  const late = await connectClient({ ...database, applicationName: 'fechatter-server@one' });
  await migrate(database);
  await expect(migrate(database, buildOf('0.2.1', { 'marker.sql': marker('new') }))).rejects.toThrow('server@one');
  await Promise.all([...others, here, late].map((client) => client.end()));
});

test('a process of release 0.1 that connects while it is migrated undoes the migration', async () => {
  await using database = await emptyDatabase();
  await migrateAs01(database);
  const waits = { ...thisBuild, migrations: [...thisBuild.migrations, lastOf(`select pg_advisory_xact_lock(1)`)] };
  const holder = await connectClient({ ...database, applicationName: 'holder' });
  await holder.query('select pg_advisory_lock(1)');
  const migrating = migrate(database, waits).then(
    () => 'migrated',
    (error: Error) => error.message,
  );
  await until(
    async () => (await database.query(`select from pg_stat_activity where wait_event = 'advisory'`)).length > 0,
    'the migration is under way',
  );
  const late = await connectClient({ ...database, applicationName: 'fechatter-notify@late' });
  await holder.end();
  expect(await migrating).toContain('fechatter-notify@late');
  await late.end();
  await opened(database, async (db) => expect(await schemaState(db)).toBe('older'));
});

test('only a changed text is applied, and recorded with its release', async () => {
  await using database = await testDatabase();
  const times = () =>
    database.query<{ file: string; release: string; at: string }>(
      'select file, release, applied_at::text as at from sql_files order by file',
    );
  const before = await times();
  await migrate(database, buildOf('0.2.1', { 'marker.sql': marker('new') }));
  const after = await times();
  expect(after.filter(({ file }) => file !== 'marker.sql')).toEqual(before);
  expect(after.find(({ file }) => file === 'marker.sql')?.release).toBe('0.2.1');
  expect(await database.query('select marker()')).toEqual([{ marker: 'new' }]);
});

test('an older migrator applies nothing over a newer one, not even its own new file', async () => {
  await using database = await testDatabase();
  await migrate(database, buildOf('0.10.0', { 'marker.sql': marker('newer') }));
  const files = () => database.query('select * from sql_files order by file');
  const before = await files();
  const older = buildOf('0.9.9', { 'marker.sql': marker('older'), 'other.sql': marker('other') });
  await migrate(database, older);
  expect(await files()).toEqual(before);
  expect(await database.query('select marker()')).toEqual([{ marker: 'newer' }]);
  expect(await opened(database, (db) => schemaState(db, older))).toBe('newer');
});

test('functions that were not applied are detected', async () => {
  await using database = await testDatabase();
  await database.query(`update sql_files set hash = 'another' where file = 'log-step.sql'`);
  await opened(database, async (db) => {
    expect(await schemaState(db)).toBe('older');
    await migrate(database);
    expect(await schemaState(db)).toBe('current');
  });
});

test('a function that cannot be created rolls back the whole migration', async () => {
  await using database = await emptyDatabase();
  const broken = buildOf('0.2.0', {
    'zz.sql': 'create or replace function zz() returns nothing_such language sql as $$ $$;',
  });
  await expect(migrate(database, broken)).rejects.toThrow('nothing_such');
  expect(await database.query(`select relname from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);
});

test('after an upgrade only the services have rights, those of the new release', async () => {
  await using database = await emptyDatabase();
  await migrateAs01(database);
  await grantAs01(database);
  await migrate(database, buildOf('0.2.0', { 'marker.sql': marker('new') }));
  const [may] = await database.query(
    `select has_function_privilege('fechatter_server', 'marker()', 'execute') as server,
       has_function_privilege('fechatter_notify', 'log_step()', 'execute') as steps,
       has_table_privilege('fechatter_notify', 'sql_files', 'select') as reads,
       has_table_privilege('fechatter_server', 'sql_files', 'insert') as writes,
       has_column_privilege('fechatter_notify', 'users', 'password_hash', 'select') as hashes`,
  );
  expect(may).toEqual({ server: false, steps: true, reads: true, writes: false, hashes: false });
});
