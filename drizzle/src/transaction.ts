import { type Database, type Tables, tablesOf } from './database.ts';
import { errorCode, isUnanswered } from './unavailable.ts';

/** One transaction's view of the tables. */
export type Tx = Tables;

const DEADLOCK = '40P01';
const SERIALIZATION_FAILURE = '40001';
const ATTEMPTS_MAX = 3;

/**
 * Runs `work` in one READ COMMITTED transaction: committed if it returns, rolled back if it throws. A deadlock is tried
 * again, so `work` has no effects but in the database. The connection is this transaction's alone: if it dies, its
 * later queries fail, and it is never given back.
 */
export async function inTransaction<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(db, work);
    } catch (error) {
      const code = errorCode(error);
      if (attempt === ATTEMPTS_MAX || (code !== DEADLOCK && code !== SERIALIZATION_FAILURE)) throw error;
    }
  }
}

async function runOnce<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await db.pool.connect();
  let isBroken = true;
  try {
    await client.query('begin');
    try {
      const result = await work(tablesOf(client));
      const { command } = await client.query('commit');
      // A transaction that failed inside answers COMMIT with ROLLBACK, without an error.
      if (command !== 'COMMIT') throw new Error('the transaction was rolled back by the database');
      isBroken = false;
      return result;
    } catch (error) {
      // Behind a query without an answer a rollback would wait for one too: the connection goes instead.
      isBroken =
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
