import { expect, test } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { migrate } from '../migrate.ts';
import { grantServiceRoles } from '../service-roles.ts';
import { buildOf } from '../testing/builds.ts';
import { accessOf, rolePasswords } from '../testing/service-access.ts';
import { type TestDatabase, testDatabase } from '../testing/test-database.ts';
import { rightsDifferences } from './rights-in-force.ts';
import { serviceRoles } from './rights-table.ts';

const asTheTableSays = serviceRoles.map((role) => ({ role, isSuper: false, tooMany: [], missing: [] }));

async function differences(database: TestDatabase) {
  const db = openDatabase(database);
  try {
    return (await rightsDifferences(db.pool)).toSorted(
      (a, b) => serviceRoles.indexOf(a.role) - serviceRoles.indexOf(b.role),
    );
  } finally {
    await db.close();
  }
}

async function as(database: TestDatabase, service: keyof typeof rolePasswords, work: (db: Database) => Promise<void>) {
  const db = openDatabase(accessOf(database, service));
  try {
    await work(db);
  } finally {
    await db.close();
  }
}

/** Moves the log on, so that new partitions are made, on which nothing was granted. */
const moveOn = async (database: TestDatabase) => {
  await database.query(`select setval(pg_get_serial_sequence('event_log', 'id'), 20000000)`);
  const [made] = await database.query<{ count: number }>('select log_add_partitions() as count');
  expect(made?.count).toBeGreaterThan(3);
};

test('the catalog grants exactly the rights of the table, also for future partitions', async () => {
  await using database = await testDatabase();
  expect(await differences(database)).toEqual(asTheTableSays);
  await moveOn(database);
  expect(await differences(database)).toEqual(asTheTableSays);
});

test('a migration revokes other grants, also default ones', async () => {
  await using database = await testDatabase();
  for (const statement of [
    'grant all on all tables in schema public to fechatter_server',
    'grant select (password_hash) on users to fechatter_notify',
    'grant select on audit_log to public',
    'grant usage on all sequences in schema public to fechatter_worker',
    'grant create on schema public to public',
    'grant execute on function log_reset() to fechatter_notify',
    `do $$ begin execute format('grant create on database %I to fechatter_worker', current_database()); end $$`,
    'revoke insert (id) on users from fechatter_server',
    'revoke execute on function log_step() from fechatter_worker',
    'alter default privileges grant all on tables to fechatter_server',
    'alter default privileges in schema public grant select on tables to public',
  ])
    await database.query(statement);
  const wrong = await differences(database);
  const [server, notify, worker] = wrong;
  expect(server?.tooMany).toEqual(
    expect.arrayContaining([
      'delete on event_log_p0',
      'update on log_order',
      'insert on each new r',
      'create on schema public',
    ]),
  );
  expect(notify?.tooMany).toEqual(
    expect.arrayContaining(['select on users.password_hash', 'execute on log_reset()', 'select on audit_log']),
  );
  expect(worker?.tooMany).toEqual(expect.arrayContaining(['usage on event_log_id_seq', 'create on the database']));
  expect(worker?.missing).toEqual(['execute on log_step()']);
  const next = buildOf('0.2.1', {
    'marker.sql': `create or replace function marker() returns text language sql as $$ select '' $$;`,
  });
  await migrate(database, next);
  await moveOn(database);
  expect(await differences(database)).toEqual(asTheTableSays);
});

test('differing rights alone cause a migration, and an older build grants nothing over a newer one', async () => {
  await using database = await testDatabase();
  await database.query('revoke select on messages from fechatter_worker');
  await migrate(database);
  expect((await differences(database)).flatMap(({ missing }) => missing)).toEqual(['select on messages']);
  await migrate(database, { ...buildOf('0.3.0'), rightsHash: 'of other rights' });
  expect(await differences(database)).toEqual(asTheTableSays);
  await database.query('revoke select on messages from fechatter_worker');
  await grantServiceRoles(database, rolePasswords);
  expect((await differences(database)).flatMap(({ missing }) => missing)).toEqual(['select on messages']);
});

const attempts = {
  server: [
    'delete from event_log_p0',
    'update event_log set code = 1',
    'update log_order set nonce = 1',
    'insert into log_order (pos, event_id, nonce) values (999, 1, 1)',
    'insert into event_log (user_id, code, xid) values (gen_random_uuid(), 34, pg_current_xact_id())',
    'delete from log_tick',
    'select log_step()',
    'select log_sequence()',
    `select log_prune('1 hour')`,
    'delete from messages',
    'update messages set sender_id = gen_random_uuid()',
    'update users set id = gen_random_uuid()',
    'update sql_files set release = $$9$$',
    'create table mine ()',
  ],
  notify: [
    'select password_hash from users',
    'select email from users',
    'select refresh_hash from sessions',
    'select refresh_hash from live_sessions',
    'select token_hash from workspace_invites',
    'select mac from messages',
    'select * from rate_limits',
    'delete from rate_limits',
    'select from audit_log',
    'insert into log_order (pos, event_id, nonce) values (999, 1, 1)',
    'delete from log_tick',
    'delete from event_log_p0',
    'select log_sequence()',
    `select log_prune('1 hour')`,
  ],
  worker: [
    'select password_hash from users',
    'select refresh_hash from sessions',
    'select refresh_hash from live_sessions',
    'select token_hash from workspace_invites',
    'delete from event_log_p0',
    'insert into log_order (pos, event_id, nonce) values (999, 1, 1)',
    'delete from audit_log',
    'select from audit_log',
    'select log_reset()',
  ],
  importer: [
    'select password_hash from users',
    'insert into users (id, email) values (gen_random_uuid(), $$a@example.com$$)',
    'update users set status = $$Active$$',
    'update users set account_id = gen_random_uuid()',
    'select from sessions',
    'select from identities',
    'select from webhook_secrets',
    'select from bots',
    'insert into workspace_invites default values',
    'update workspaces set deleted_at = now()',
    'update workspace_members set role = $$Owner$$',
    'update workspace_members set left_seq = 1',
    'update messages set body = null',
    'update chat_members set role = $$Owner$$',
    'delete from chat_members',
    'delete from chats',
    'delete from files',
    'delete from placeholders',
    'select email from placeholders',
    'select from audit_log',
    'delete from event_log_p0',
    'insert into log_order (pos, event_id, nonce) values (999, 1, 1)',
    'select log_step()',
    'select log_reset()',
    'create table mine ()',
  ],
} as const satisfies Record<keyof typeof rolePasswords, readonly string[]>;

test('the database refuses what a compromised service would try', async () => {
  await using database = await testDatabase();
  for (const service of Object.keys(attempts) as (keyof typeof attempts)[])
    await as(database, service, async ({ pool }) => {
      for (const attempt of attempts[service])
        await expect(pool.query(attempt), `${service}: ${attempt}`).rejects.toMatchObject({ code: '42501' });
    });
});
