import { eq, sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { openDatabase } from './database.ts';
import { workspaceHeads } from './schema.ts';
import { testDatabase } from './testing/index.ts';
import { inTransaction, type Tx } from './transaction.ts';
import { isUnavailable } from './unavailable.ts';

const database = await testDatabase();
const db = openDatabase({ ...database, poolSize: 4 });
beforeAll(async () => {
  await database.query(
    `do $$ begin execute format('alter database %I set deadlock_timeout = ''20ms''', current_database()); end $$`,
  );
});
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

const insert = async (tx: Tx, workspaceId: string = randomUUID()) => {
  await tx.insert(workspaceHeads).values({ workspaceId });
  return workspaceId;
};
const exists = async (workspaceId: string) =>
  (await database.query('select from workspace_heads where workspace_id = $1', [workspaceId])).length === 1;
const pidOf = async (tx: Tx) => (await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)).rows[0]?.pid;

function signal() {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { give, given };
}

/** Terminates a back end, and returns when it is gone. */
async function kill(pid: number | undefined): Promise<void> {
  await database.query('select pg_terminate_backend($1)', [pid]);
  await until(async () => {
    return (await database.query('select from pg_stat_activity where pid = $1', [pid])).length === 0;
  }, 'the back end is gone');
}

test('a transaction commits on return and rolls back on throw', async () => {
  const kept = await inTransaction(db, insert);
  let undone = '';
  const failing = inTransaction(db, async (tx) => {
    undone = await insert(tx);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect([await exists(kept), await exists(undone)]).toEqual([true, false]);
});

test('a transaction whose back end died fails, and affects no other one, even if its code continues', async () => {
  let [theirs, before, after] = ['', '', ''];
  const [dead, alive] = [signal(), signal()];
  const victim = inTransaction(db, async (tx) => {
    before = await insert(tx);
    await kill(await pidOf(tx));
    dead.give();
    await alive.given;
    after = randomUUID();
    await insert(tx, after).catch(() => {});
    await insert(tx, after).catch(() => {});
  });
  await dead.given;
  const other = inTransaction(db, async (tx) => {
    theirs = await insert(tx);
    alive.give();
    await expect(victim).rejects.toSatisfy(isUnavailable);
    await insert(tx);
    throw new Error('the other rolls back');
  });
  await expect(other).rejects.toThrow('the other rolls back');
  expect([await exists(before), await exists(after), await exists(theirs)]).toEqual([false, false, false]);
  const kept = await Promise.all(Array.from({ length: 8 }, () => inTransaction(db, insert)));
  expect(await Promise.all(kept.map(exists))).toEqual(kept.map(() => true));
});

test('a commit that the database rolled back is an error', async () => {
  let id = '';
  const work = async (tx: Tx) => {
    id = await insert(tx);
    await insert(tx, id).catch(() => {});
    return 'done';
  };
  await expect(inTransaction(db, work)).rejects.toThrow('the transaction was rolled back by the database');
  expect(await exists(id)).toBe(false);
});

test('a deadlock is retried, and both transactions succeed', async () => {
  const [one, two] = [await inTransaction(db, insert), await inTransaction(db, insert)];
  const bothHold = signal();
  let arrived = 0;
  let attempts = 0;
  const both = async (first: string, second: string) =>
    inTransaction(db, async (tx) => {
      attempts++;
      const raise = (id: string) =>
        tx.update(workspaceHeads).set({ lastSeq: sql`last_seq + 1` }).where(eq(workspaceHeads.workspaceId, id));
      await raise(first);
      if (++arrived === 2) bothHold.give();
      await bothHold.given;
      await raise(second);
    });
  await Promise.all([both(one, two), both(two, one)]);
  expect(attempts).toBeGreaterThan(2);
  const rows = await database.query('select last_seq from workspace_heads where workspace_id in ($1, $2)', [one, two]);
  expect(rows).toEqual([{ last_seq: '2' }, { last_seq: '2' }]);
});

test('a repeated deadlock is reported after three attempts', async () => {
  let attempts = 0;
  const work = async (tx: Tx) => {
    attempts++;
    await tx.execute(sql`do $$ begin raise exception 'again' using errcode = '40P01'; end $$`);
  };
  await expect(inTransaction(db, work)).rejects.toMatchObject({ cause: { code: '40P01' } });
  expect(attempts).toBe(3);
});

test('a stopped back end delays only its transaction, by one deadline', async () => {
  const hasty = openDatabase({ ...database, statementTimeoutMs: 200, poolSize: 2 });
  let pid = 0;
  const stopped = inTransaction(hasty, async (tx) => {
    pid = (await pidOf(tx)) ?? 0;
    process.kill(pid, 'SIGSTOP');
    await insert(tx);
  });
  try {
    await expect(stopped).rejects.toSatisfy(isUnavailable);
    expect(await exists(await inTransaction(hasty, insert))).toBe(true);
    await until(() => hasty.pool.totalCount === 1, 'the pool let go of it');
  } finally {
    process.kill(pid, 'SIGCONT');
    await hasty.close();
  }
});

test('in raw SQL too, counters are numbers and times are dates', async () => {
  const read = sql`select 5::bigint as counter, now() as at`;
  const inside = await inTransaction(db, async (tx) => (await tx.execute(read)).rows);
  const outside = (await db.tables.execute(read)).rows;
  for (const rows of [inside, outside]) expect(rows).toEqual([{ counter: 5, at: expect.any(Date) }]);
});

test('a transaction ends at its deadline, and later queries of its work do not reach the database', async () => {
  const [before, after] = [randomUUID(), randomUUID()];
  const cut = signal();
  let late: Promise<unknown> = Promise.resolve();
  const tooLong = inTransaction(
    db,
    (tx) => {
      late = (async () => {
        await insert(tx, before);
        await cut.given;
        await insert(tx, after);
      })();
      return late;
    },
    { deadlineMs: 300 },
  );
  await expect(tooLong).rejects.toThrow('took longer than 300 ms');
  cut.give();
  await expect(late).rejects.toThrow();
  await until(async () => !(await exists(before)), 'the back end is gone with what it held');
  expect([await exists(before), await exists(after)]).toEqual([false, false]);
});
