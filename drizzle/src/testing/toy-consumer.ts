import { type SQL, sql } from 'drizzle-orm';
import type { Consumer } from '../log/consumer.ts';
import type { Tx } from '../transaction.ts';

/**
 * The tables in which the toy consumer records each event: twice, so that a batch which is cut between the two is
 * noticed.
 */
export const toyTables = `
  create table toy_effects (subject_id uuid not null);
  create table toy_totals (total bigint not null);
  insert into toy_totals values (0)`;

/** Records the subject of every event, without any protection against repeats. */
export const toyConsumer: Consumer = {
  name: 'toy',
  batchMax: 5,
  async consume(tx, entries) {
    const subjects = sql.param(entries.map(({ subjectId }) => subjectId));
    await run(tx, sql`insert into toy_effects (subject_id) select * from unnest(${subjects}::uuid[])`);
    await run(tx, sql`update toy_totals set total = total + ${entries.length}`);
  },
  async onReset(tx) {
    await run(tx, sql`update toy_totals set total = total`);
  },
};

const run = (tx: Tx, statement: SQL) => tx.execute(statement);
