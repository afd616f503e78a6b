import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { openDatabase } from './database.ts';
import { users } from './schema.ts';
import { testDatabase } from './testing/index.ts';

const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());

const endAll = (applicationName: string) =>
  database.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
    applicationName,
  ]);

test('connections that die while idle end no process, and the pool makes new ones', async () => {
  const db = openDatabase({ ...database, applicationName: 'idle' });
  const uncaught: unknown[] = [];
  const note = (error: unknown) => void uncaught.push(error);
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  try {
    await Promise.all([1, 2, 3].map(() => db.pool.query('select pg_sleep(0.01)')));
    expect(db.pool.idleCount).toBeGreaterThan(1);
    await endAll('idle');
    await until(() => db.pool.totalCount === 0, 'the pool has noticed');
    expect((await db.pool.query<{ one: number }>('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(uncaught).toEqual([]);
  } finally {
    process.off('uncaughtException', note);
    process.off('unhandledRejection', note);
    await db.close();
  }
});

test('a connection that dies while it is taken out and silent ends no process', async () => {
  const db = openDatabase({ ...database, applicationName: 'taken' });
  const client = await db.pool.connect();
  const ended = new Promise((resolve) => client.once('end', resolve));
  await endAll('taken');
  await ended;
  await expect(client.query('select 1')).rejects.toThrow('not queryable');
  client.release();
  expect(db.pool.totalCount).toBe(0);
  await db.close();
});

test('every connection has its name and its limits', async () => {
  const db = openDatabase({ ...database, applicationName: 'named', statementTimeoutMs: 1_234 });
  const settings = ['application_name', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
  const { rows } = await db.pool.query(
    `select array(select current_setting(name) from unnest($1::text[]) name) as settings`,
    [settings],
  );
  expect(rows).toEqual([{ settings: ['named', '1234ms', '4s', '10s'] }]);
  await expect(db.pool.query('select pg_sleep(5)')).rejects.toMatchObject({ code: '57014' });
  await db.close();
});

test('counters are numbers, in raw SQL and through the tables', async () => {
  const db = openDatabase(database);
  const { rows } = await db.pool.query('select 9007199254740991::bigint as counter');
  expect(rows).toEqual([{ counter: Number.MAX_SAFE_INTEGER }]);
  const [user] = await db.tables
    .insert(users)
    .values({ id: crypto.randomUUID(), email: 'a@example.org', fullName: 'A', passwordHash: '' })
    .returning();
  expect(user).toMatchObject({ status: 'Active', createdAt: expect.any(Date), avatarUrl: null });
  await db.close();
});
