import { sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { openDatabase } from './database.ts';
import { ownPostgres } from './testing/own-postgres.ts';
import { inTransaction } from './transaction.ts';
import { isUnavailable } from './unavailable.ts';

const WRITERS = 6;
/** More than a socket's buffers hold: part of each write is still in the process when the server stops. */
const PADDING = 'x'.repeat(4_000_000);

test('killing Postgres with writes in flight ends no process, and acknowledged writes are kept', {
  timeout: 240_000,
}, async () => {
  await using postgres = await ownPostgres();
  const db = openDatabase({ url: postgres.url, applicationName: 'restart', poolSize: WRITERS });
  const uncaught: unknown[] = [];
  const note = (error: unknown) => void uncaught.push(error);
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  try {
    await db.pool.query('create table acknowledged (id uuid primary key)');
    const acknowledged: string[] = [];
    const failures: unknown[] = [];
    const over = new AbortController();
    const write = async () => {
      while (!over.signal.aborted) {
        const id = randomUUID();
        const work = inTransaction(db, async (tx) => {
          await tx.execute(sql`insert into acknowledged select ${id}::uuid where length(${PADDING}) > 0`);
        });
        await work.then(
          () => acknowledged.push(id),
          (error: unknown) => failures.push(error),
        );
      }
    };
    const writers = Array.from({ length: WRITERS }, write);
    for (let round = 1; round <= 3; round++) {
      const before = acknowledged.length;
      await until(() => acknowledged.length >= before + WRITERS, 'writes pass');
      const failed = failures.length;
      await postgres.kill();
      await until(() => failures.length > failed, 'writes failed');
      await postgres.restart();
    }
    const before = acknowledged.length;
    await until(() => acknowledged.length >= before + WRITERS, 'writes pass again');
    over.abort();
    await Promise.all(writers);
    expect(uncaught).toEqual([]);
    expect(failures.filter((error) => !isUnavailable(error))).toEqual([]);
    const { rows } = await db.pool.query<{ id: string }>('select id from acknowledged');
    const stored = new Set(rows.map(({ id }) => id));
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  } finally {
    process.off('uncaughtException', note);
    process.off('unhandledRejection', note);
    await db.close();
  }
});
