import { expect, test } from 'vitest';
import { thisBuild } from './build.ts';
import { openDatabase } from './database.ts';
import { migrate, schemaState } from './migrate.ts';
import { emptyDatabase, testDatabase } from './testing/test-database.ts';

test('an empty database is detected, and has the complete schema after concurrent migrations', async () => {
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

test('a statement limit of the database does not stop a migration', async () => {
  await using database = await emptyDatabase();
  await database.query(
    `do $$ begin execute format('alter database %I set statement_timeout = 1', current_database()); end $$`,
  );
  await migrate(database);
  const db = openDatabase(database);
  expect(await schemaState(db)).toBe('current');
  await db.close();
});

test('memberships without a stored end get the time of their event, or of their beginning if that was pruned', async () => {
  await using database = await emptyDatabase();
  const at = thisBuild.migrations.findIndex(({ statements }) => statements.some((text) => text.includes('left_at')));
  // Views need the current columns.
  await migrate(database, { ...thisBuild, migrations: thisBuild.migrations.slice(0, at), sqlFiles: [] });
  const id = (n: number) => `'00000000-0000-0000-0000-00000000000${n}'`;
  const seqs = `(1, 2, '2026-01-01 00:00Z'), (3, 4, '2026-01-02 00:00Z'), (5, null, '2026-01-03 00:00Z')`;
  for (const statement of [
    `insert into users (id, email, full_name, password_hash) values (${id(1)}, 'a@example.com', 'A', 'none')`,
    `insert into workspaces (id, name) values (${id(2)}, 'w')`,
    `insert into chats (id, workspace_id, chat_type, name, version, creator_id) values (${id(3)}, ${id(2)}, 'Group', 'c', 1, ${id(1)})`,
    `insert into workspace_members (workspace_id, user_id, role, joined_seq, left_seq, joined_at)
     select ${id(2)}, ${id(1)}, 'Member', j, l, t::timestamptz from (values ${seqs}) s (j, l, t)`,
    `insert into chat_members (chat_id, user_id, role, joined_seq, left_seq, joined_at, last_read_seq, last_read_number)
     select ${id(3)}, ${id(1)}, 'Member', j, l, t::timestamptz, 0, 0 from (values ${seqs}) s (j, l, t)`,
    `insert into event_log (workspace_id, workspace_seq, code, takes_away, subject_id, created_at)
     values (${id(2)}, 4, 32, true, ${id(1)}, '2026-01-02 12:00Z')`,
    `insert into event_log (workspace_id, chat_id, chat_seq, code, takes_away, subject_id, created_at)
     values (${id(2)}, ${id(3)}, 4, 30, true, ${id(1)}, '2026-01-02 12:00Z')`,
  ])
    await database.query(statement);
  await migrate(database);
  for (const table of ['workspace_members', 'chat_members']) {
    const rows = await database.query(`select left_at from ${table} order by joined_seq`);
    const ended = ['2026-01-01T00:00Z', '2026-01-02T12:00Z'].map((time) => ({ left_at: new Date(time) }));
    expect(rows).toEqual([...ended, { left_at: null }]);
  }
});

test('existing parts of the search index keep their messages and get their own indexes', async () => {
  await using database = await emptyDatabase();
  const at = thisBuild.migrations.findIndex(({ statements }) => statements.some((text) => text.includes('is_indexed')));
  await migrate(database, { ...thisBuild, migrations: thisBuild.migrations.slice(0, at), sqlFiles: [] });
  const id = (n: number) => `00000000-0000-0000-0000-00000000000${n}`;
  await database.query(`insert into search_generations (state, making, walk_end) values ('Active', '{}', '${id(0)}')`);
  for (const part of [1, 2]) {
    const table = `message_search_p${part}`;
    for (const statement of [
      `insert into search_parts (gen, from_id) values (1, '${id(part * 2 - 2)}')`,
      `create table ${table} (like message_search including all)`,
      `alter table message_search attach partition ${table} for values in (${part})`,
      `insert into message_search values (${part}, '${id(part * 2 - 1)}', 1, '{7}'), (${part}, '${id(part * 2)}', 1, '{8}')`,
    ])
      await database.query(statement);
  }
  await migrate(database);
  expect(await database.query('select part, is_indexed from search_parts order by 1')).toEqual([
    { part: 1, is_indexed: true },
    { part: 2, is_indexed: true },
  ]);
  const indexes = await database.query(
    `select tablename from pg_indexes where indexdef like '%USING gin (tokens)%fastupdate=off%' order by 1`,
  );
  expect(indexes).toEqual([{ tablename: 'message_search_p1' }, { tablename: 'message_search_p2' }]);
  const found = await database.query(
    `select message_id from search_candidates(1, '${id(9)}', '${id(0)}', 10, '{7}', '{{1}}', 1000)`,
  );
  expect(found.map((row) => row['message_id'])).toEqual([id(3), id(1)]);
});
