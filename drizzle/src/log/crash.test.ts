import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { openDatabase } from '../database.ts';
import { migrate } from '../migrate.ts';
import { moves } from '../testing/moves.ts';
import { ownPostgres } from '../testing/own-postgres.ts';
import { readRevocations, sinceBeforeCrash, tailStart } from './read.ts';

test('a revocation whose transaction has an id that was in use before a crash is not overlooked', {
  timeout: 240_000,
}, async () => {
  await using postgres = await ownPostgres();
  const { url } = postgres;
  const db = openDatabase({ url, applicationName: 'crash', statementTimeoutMs: 0 });
  const query = async <T extends object>(text: string, values: unknown[] = []) =>
    (await db.pool.query<T>(text, values)).rows;
  try {
    await migrate({ url, applicationName: 'crash' });
    await query(moves);
    const start = await tailStart(db.pool);
    let since = start.since;
    const revoked = randomUUID();
    let lastBefore = 0n;
    let reused = 0n;
    await until(async () => {
      // Ids of transactions that wrote nothing, which leave no trace on disk.
      const taken = await query<{ xid: string }>('select pg_current_xact_id()::text as xid from generate_series(1, 1)');
      lastBefore = BigInt(taken[0]?.xid ?? 0);
      ({ snapshot: since } = await readRevocations(db.pool, since));
      await postgres.kill();
      await postgres.restart();
      await query('select stage.note($1, $2)', [randomUUID(), revoked]);
      const [row] = await query<{ xid: string }>(
        'select xid::text from event_log where subject_id = $1 order by id desc',
        [revoked],
      );
      reused = BigInt(row?.xid ?? 0);
      return reused <= lastBefore;
    }, 'an id is given out again');
    const found = async (from: string) =>
      (await readRevocations(db.pool, from)).revocations.map(({ subjectId }) => subjectId);
    expect(await found(since)).not.toContain(revoked);
    expect(await found(sinceBeforeCrash(since))).toContain(revoked);
  } finally {
    await db.close();
  }
});
