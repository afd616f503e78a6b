import { RESPONSE_MS } from './connection.ts';
import { type Database, type Tables, tablesOf } from './database.ts';
import { errorCode, isReadTimeout } from './unavailable.ts';

/** One transaction's view of the tables. */
export type Tx = Tables;

const DEADLOCK = '40P01';
const SERIALIZATION_FAILURE = '40001';
const ATTEMPTS_MAX = 3;

export interface TransactionOptions {
  /** The connection is cut after this time, whatever it is doing: later queries of `work` do not reach the database. */
  readonly deadlineMs?: number;
  /** How long a statement may run in Postgres, in place of the connection's limit. */
  readonly statementMs?: number;
}

/** A transaction that was cut at its deadline and rolled back. */
export class TransactionTooLong extends Error {
  constructor(deadlineMs: number) {
    super(`a transaction took longer than ${deadlineMs} ms`);
  }
}

/**
 * Runs `work` in one READ COMMITTED transaction: committed if it returns, rolled back if it throws. After a deadlock it
 * runs again, so `work` must have effects only in the database. Nothing else uses the connection meanwhile: if it dies,
 * its later queries fail, and it is not returned to the pool.
 */
export async function inTransaction<T>(
  db: Database,
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(db, work, options);
    } catch (error) {
      const code = errorCode(error);
      if (attempt === ATTEMPTS_MAX || (code !== DEADLOCK && code !== SERIALIZATION_FAILURE)) throw error;
    }
  }
}

async function runOnce<T>(
  db: Database,
  work: (tx: Tx) => Promise<T>,
  { deadlineMs, statementMs }: TransactionOptions,
): Promise<T> {
  const client = await db.pool.connect();
  let isBroken = true;
  try {
    await client.query('begin');
    try {
      if (statementMs !== undefined) await client.query(`set local statement_timeout = ${statementMs}`);
      const tx = tablesOf(client, statementMs === undefined ? undefined : statementMs + RESPONSE_MS);
      const result = await inTime(work(tx), deadlineMs);
      const { command } = await client.query('commit');
      // A failed transaction responds to COMMIT with ROLLBACK, without an error.
      if (command !== 'COMMIT') throw new Error('the transaction was rolled back by the database');
      isBroken = false;
      return result;
    } catch (error) {
      // After a query without a response a rollback would wait too, and while `work` is running it would not be the last statement,
      // so the connection is destroyed instead.
      isBroken =
        error instanceof TransactionTooLong ||
        isReadTimeout(error) ||
        (await client.query('rollback').then(
          () => false,
          () => true,
        ));
      throw error;
    }
  } finally {
    client.release(isBroken);
  }
}

async function inTime<T>(work: Promise<T>, deadlineMs: number | undefined): Promise<T> {
  if (deadlineMs === undefined) return work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new TransactionTooLong(deadlineMs)), deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
