import { type Database, type Tables, tablesOf } from './database.ts';
import { errorCode, isUnanswered } from './unavailable.ts';

/** One transaction's view of the tables. */
export type Tx = Tables;

const DEADLOCK = '40P01';
const SERIALIZATION_FAILURE = '40001';
const ATTEMPTS_MAX = 3;

export interface TransactionOptions {
  /** Its connection is cut after so long, whatever it is at: nothing that `work` still asks of it reaches the database. */
  readonly deadlineMs?: number;
}

/** A transaction that was cut at its deadline: nothing of it stays. */
export class TransactionTooLong extends Error {
  constructor(deadlineMs: number) {
    super(`a transaction took longer than ${deadlineMs} ms`);
  }
}

/**
 * Runs `work` in one READ COMMITTED transaction: committed if it returns, rolled back if it throws. A deadlock is tried
 * again, so `work` has no effects but in the database. The connection is this transaction's alone: if it dies, its
 * later queries fail, and it is never given back.
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

async function runOnce<T>(db: Database, work: (tx: Tx) => Promise<T>, { deadlineMs }: TransactionOptions): Promise<T> {
  const client = await db.pool.connect();
  let isBroken = true;
  try {
    await client.query('begin');
    try {
      const result = await inTime(work(tablesOf(client)), deadlineMs);
      const { command } = await client.query('commit');
      // A transaction that failed inside answers COMMIT with ROLLBACK, without an error.
      if (command !== 'COMMIT') throw new Error('the transaction was rolled back by the database');
      isBroken = false;
      return result;
    } catch (error) {
      // Behind a query without an answer a rollback would wait for one too, and behind work that goes on it would not be
      // the last statement: the connection goes instead.
      isBroken =
        error instanceof TransactionTooLong ||
        isUnanswered(error) ||
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
