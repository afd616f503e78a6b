import { sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { migrate, schemaState } from './migrate.ts';
import { workspaceHeads } from './schema.ts';
import { testDatabase } from './testing/index.ts';
import { inTransaction } from './transaction.ts';
import { errorCode, isUnavailable } from './unavailable.ts';

const database = await testDatabase();
const db = openDatabase({ ...database, statementTimeoutMs: 100 });
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => new Error('this should have failed'),
    (error: unknown) => error,
  );
const read = (of: Database) => failureOf(of.tables.select().from(workspaceHeads));

async function listening(): Promise<{ server: Server; url: string }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `postgres://u:p@127.0.0.1:${(server.address() as AddressInfo).port}/d` };
}

test('a database without a server is unavailable, by pool, by table and by transaction', async () => {
  const { server, url } = await listening();
  server.close();
  const gone = openDatabase({ url, applicationName: 'test' });
  const failures = [
    await read(gone),
    await failureOf(schemaState(gone)),
    await failureOf(inTransaction(gone, read as never)),
  ];
  expect(failures.map(isUnavailable)).toEqual([true, true, true]);
  expect(failures.map(errorCode)).toEqual(['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED']);
  expect(isUnavailable(await failureOf(migrate({ url, applicationName: 'test' })))).toBe(true);
});

test('a server that accepts and never responds, and an exhausted pool, are unavailable', async () => {
  const { server, url } = await listening();
  const silent = openDatabase({ url, applicationName: 'test', connectTimeoutMs: 100 });
  const small = openDatabase({ ...database, poolSize: 1 });
  const taken = await small.pool.connect();
  const failures = await Promise.all([read(silent), failureOf(migrate({ url, applicationName: 'test' })), read(small)]);
  expect(failures.map(isUnavailable)).toEqual([true, true, true]);
  taken.release();
  await small.close();
  expect(isUnavailable(await read(small))).toBe(true);
  server.close();
});

test.each([
  ['a statement that took too long', '57014', `select pg_sleep(5)`],
  ['a back end that was terminated', '57P01', `select pg_terminate_backend(pg_backend_pid())`],
  ['a lock that did not come', '55P03', `do $$ begin raise exception 'no' using errcode = '55P03'; end $$`],
  ['a replica', '25006', `do $$ begin raise exception 'no' using errcode = '25006'; end $$`],
  ['a lost connection', '08006', `do $$ begin raise exception 'no' using errcode = '08006'; end $$`],
])('%s is unavailable (%s)', async (_, code, text) => {
  const failure = await failureOf(db.tables.execute(sql.raw(text)));
  expect([errorCode(failure), isUnavailable(failure)]).toEqual([code, true]);
});

test('an error of the caller is not', async () => {
  const workspaceId = randomUUID();
  await db.tables.insert(workspaceHeads).values({ workspaceId });
  const twice = await failureOf(db.tables.insert(workspaceHeads).values({ workspaceId }));
  expect([errorCode(twice), isUnavailable(twice)]).toEqual(['23505', false]);
  for (const other of [new Error('Connection'), undefined, 'ECONNREFUSED', { code: 'ECONNREFUSED' }]) {
    expect(isUnavailable(other)).toBe(false);
  }
});

test('a wrapper’s own code does not hide the cause', async () => {
  const inner = Object.assign(new pg.DatabaseError('terminating connection', 0, 'error'), { code: '57P01' });
  const wrapped = Object.assign(new Error('it failed', { cause: new Error('Failed query', { cause: inner }) }), {
    code: 'INTERNAL_SERVER_ERROR',
  });
  expect([errorCode(wrapped), isUnavailable(wrapped)]).toEqual(['57P01', true]);
  const many = new AggregateError([new Error('one'), Object.assign(new Error('two'), { code: 'ECONNRESET' })]);
  expect(isUnavailable(new Error('no address worked', { cause: many }))).toBe(true);
});
