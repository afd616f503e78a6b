import { codeOf } from '@fechatter/contract';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { testDatabase } from '../testing/index.ts';
import { steadyPlans } from './steady-plans.ts';
import { currentCursor, readRevocations, readTail } from './read.ts';
import { countMissed, replayWindow } from './replay.ts';

const ROWS = 50_000;

const manyEvents = `do $$ begin
  insert into users (id, email, full_name, password_hash)
  select gen_random_uuid(), n || '@example.org', 'P', '' from generate_series(1, 5000) n;
  for n in 1 .. ${ROWS / 10} loop
    insert into event_log (user_id, code) select gen_random_uuid(), ${codeOf('user.updated')} from generate_series(1, 10);
    commit;
  end loop; end $$`;

const database = await testDatabase();
const db = openDatabase({ ...database, statementTimeoutMs: 0 });
const owner = randomUUID();
beforeAll(async () => {
  await database.query(manyEvents);
  await database.query('select log_step()');
});
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

const modes = {
  custom: 'set local plan_cache_mode = force_custom_plan',
  generic: 'set local plan_cache_mode = force_generic_plan',
  steady: steadyPlans.replaceAll('set ', 'set local '),
};

/** The tables that `work` scanned sequentially. */
async function scannedBy(
  mode: keyof typeof modes,
  work: (client: pg.ClientBase) => Promise<unknown>,
): Promise<string[]> {
  const client = await db.pool.connect();
  try {
    await client.query(`begin; ${modes[mode]}`);
    await work(client);
    return await scanned(client);
  } finally {
    await client.query('rollback').finally(() => client.release());
  }
}

async function scanned(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ relname: string }>(
    `select relname from pg_stat_xact_user_tables
     where relname ~ '^(event_log|log_order|messages|chats|users)' and seq_tup_read > 0 order by 1`,
  );
  return rows.map(({ relname }) => relname);
}

test.each(['before', 'after'])('no frequent statement scans a whole table, %s analyze', async (when) => {
  if (when === 'after') await database.query('analyze');
  const now = await currentCursor(db.pool);
  const behind = (await db.pool.query('select pos, nonce from log_order where pos = $1', [now.pos - 600])).rows[0];
  const snapshot = (await readRevocations(db.pool, '1:1:')).snapshot;
  for (const mode of ['custom', 'generic', 'steady'] as const) {
    expect(await scannedBy(mode, (client) => client.query('select log_step()'))).toEqual([]);
    expect(await scannedBy(mode, (client) => readRevocations(client, snapshot))).toEqual([]);
    expect(await scannedBy(mode, (client) => readTail(client, now, snapshot))).toEqual([]);
    expect(await scannedBy(mode, (client) => readTail(client, behind, '1:1:'))).toEqual([]);
    expect(await scannedBy(mode, (client) => replayWindow(client, owner, behind, now.pos))).toEqual([]);
    expect(await scannedBy(mode, (client) => countMissed(client, owner, behind.pos, now.pos, 500))).toEqual([]);
    expect(await scannedBy(mode, (client) => currentCursor(client))).toEqual([]);
  }
});

test('plans that were made while the log was empty still use indexes when it is full', async () => {
  await using young = await testDatabase();
  await young.query('vacuum analyze');
  const client = new pg.Client({ connectionString: young.url });
  await client.connect();
  await client.query(steadyPlans);
  const [start, { snapshot }] = [await currentCursor(client), await readRevocations(client, '1:1:')];
  await client.query('select log_step()');
  await readTail(client, start, snapshot);
  await young.query(manyEvents);
  await young.query('select log_step()');
  await client.query('begin');
  await client.query('select log_step()');
  await readTail(client, start, snapshot);
  expect(await scanned(client)).toEqual([]);
  await client.end();
});

test('a step that numbers a few rows after many reads only those', async () => {
  await database.query(`insert into event_log (user_id, code) select $1, 15 from generate_series(1, 20)`, [owner]);
  const read = await scannedBy('steady', async (client) => {
    expect((await client.query('select log_step() as pos')).rows).toEqual([{ pos: ROWS + 20 }]);
  });
  expect(read).toEqual([]);
});
