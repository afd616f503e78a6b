import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { testDatabase } from '../testing/index.ts';
import { moves } from '../testing/moves.ts';

const database = await testDatabase();
const db = openDatabase({ ...database, statementTimeoutMs: 0 });
beforeAll(() => database.query(moves));
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

const note = (client: pg.Pool | pg.ClientBase = db.pool) =>
  client.query('select stage.note($1, $2)', [randomUUID(), randomUUID()]);
const step = async (client: pg.Pool | pg.ClientBase = db.pool) =>
  (await client.query<{ pos: number | null }>('select log_step() as pos')).rows[0]?.pos;

async function inBlock<T>(begin: string, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await db.pool.connect();
  try {
    await client.query(begin);
    return await work(client);
  } finally {
    await client.query('rollback').finally(() => client.release());
  }
}

test('a step refuses a transaction that has written', async () => {
  await inBlock('begin', async (client) => {
    await note(client);
    await expect(step(client)).rejects.toMatchObject({ code: '25001' });
  });
});

test.each(['repeatable read', 'serializable'])('a step refuses %s', async (level) => {
  await inBlock(`begin isolation level ${level}`, (client) =>
    expect(step(client)).rejects.toMatchObject({ code: '25001' }),
  );
});

test('a step refuses a connection with a statement limit', async () => {
  await inBlock(`begin; set local statement_timeout = '1h'`, (client) =>
    expect(step(client)).rejects.toMatchObject({ code: '55000' }),
  );
});

test('a step refuses a log whose last tick saw transactions that this cluster has not had', async () => {
  await database.query(
    `insert into log_tick (tick_id, snap, last_pos, nonce)
     select max(tick_id) + 1, '900000000000:900000000000:', max(last_pos), 1 from log_tick`,
  );
  await expect(step()).rejects.toThrow('this log was written by another cluster: run "fechatter log reset"');
  await database.query('delete from log_tick where tick_id = (select max(tick_id) from log_tick)');
  expect(await step()).toBe(null);
});

test('a step is durable when it is visible, and no transaction limit ends it', async () => {
  await note();
  // PostgreSQL 17 and up have a limit on transactions.
  const limited = `select set_config(name, '1h', true) from pg_settings where name = 'transaction_timeout'`;
  await inBlock(`begin; set local synchronous_commit = off; ${limited}`, async (client) => {
    expect(await step(client)).toBeGreaterThan(0);
    expect((await client.query('show synchronous_commit')).rows).toEqual([{ synchronous_commit: 'on' }]);
    const limit = await client.query<{ setting: string }>(
      `select setting from pg_settings where name = 'transaction_timeout'`,
    );
    expect(limit.rows.map(({ setting }) => setting)).not.toContain('3600000');
  });
  await inBlock(`begin; set local synchronous_commit = remote_write`, async (client) => {
    await step(client);
    expect((await client.query('show synchronous_commit')).rows).toEqual([{ synchronous_commit: 'remote_write' }]);
  });
});

test('the loser of a race for a step is informed, and finds the new rows in the next step', async () => {
  await step();
  await note();
  const last = await inBlock('begin', async (winner) => {
    const pos = (await step(winner)) ?? 0;
    await note();
    expect(await step()).toBe(-1);
    await winner.query('commit');
    return pos;
  });
  expect(await step()).toBe(last + 1);
  expect(await step()).toBe(null);
});

test('numbering with an old snapshot changes nothing, because the tick is the lock', async () => {
  await step();
  await note();
  await inBlock('begin isolation level repeatable read', async (late) => {
    await late.query('select 1 from log_tick');
    const pos = await step();
    expect(pos).toBeGreaterThan(0);
    const outcome = await late.query<{ pos: number | null }>('select log_sequence() as pos').then(
      ({ rows }) => rows[0]?.pos,
      (error: unknown) => error,
    );
    expect(outcome === null || outcome instanceof pg.DatabaseError).toBe(true);
    expect((await db.pool.query('select max(pos) as pos from log_order')).rows).toEqual([{ pos }]);
  });
});

test('a log without ticks reports what to do', async () => {
  await database.query('delete from log_tick');
  await expect(step()).rejects.toThrow('fechatter log reset');
  await database.query('select log_reset()');
  await note();
  expect(await step()).toBe(1);
});
