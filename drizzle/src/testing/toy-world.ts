import type { Cursor } from '@fechatter/contract';
import { randomUUID } from 'node:crypto';
import { type Database, openDatabase } from '../database.ts';
import { currentCursor } from '../log/read.ts';
import { moves } from './moves.ts';
import { type TestDatabase, testDatabase } from './test-database.ts';
import { toyTables } from './toy-consumer.ts';

interface Logged {
  readonly subjectId: string;
  readonly pos: number;
  /** The number of its history: 0 before the first restore. */
  readonly history: number;
}

/** A log that grows, is pruned and is replaced, and the expected effects of its toy consumer. */
export interface ToyWorld extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly db: Database;
  log(count: number): Promise<void>;
  /** As after a restore into another cluster: the log is emptied, positions begin again. */
  restore(): Promise<void>;
  /** Prunes everything below the newest position. */
  prune(): Promise<void>;
  /** The events that were lost silently or processed more than once. */
  wrong(): Promise<string[]>;
  resets(): Promise<Reset[]>;
}
interface Reset {
  readonly from_pos: number | null;
  readonly from_nonce: number | null;
  readonly to_pos: number;
  readonly to_nonce: number;
}

export async function toyWorld(): Promise<ToyWorld> {
  const database = await testDatabase();
  await database.query(moves);
  await database.query(toyTables);
  const db = openDatabase({ ...database, poolSize: 4 });
  const logged: Logged[] = [];
  /** The nonces of each history, to identify the history of a cursor. */
  const historyOf = new Map<number, number>();
  let history = 0;
  const end = async (): Promise<Cursor> => {
    const cursor = await currentCursor(db.pool);
    historyOf.set(cursor.nonce, history);
    return cursor;
  };
  await end();

  const resets = async () =>
    (await db.pool.query<Reset>("select * from consumer_resets where consumer = 'toy' order by id")).rows;
  return {
    database,
    db,
    resets,
    async log(count) {
      const subjects = Array.from({ length: count }, () => randomUUID());
      const { pos } = await end();
      await database.query('select stage.note(gen_random_uuid(), s) from unnest($1::uuid[]) s', [subjects]);
      await database.query('select log_step()');
      await end();
      subjects.forEach((subjectId, index) => logged.push({ subjectId, pos: pos + 1 + index, history }));
    },
    async restore() {
      await database.query('select log_reset()');
      history++;
      await end();
    },
    async prune() {
      const { pos } = await end();
      await database.query('delete from event_log using log_order o where event_log.id = o.event_id and o.pos < $1', [
        pos,
      ]);
      await database.query('delete from log_order where pos < $1', [pos]);
    },
    async wrong() {
      const effects = await database.query<{ subject_id: string; count: number }>(
        'select subject_id, count(*)::int as count from toy_effects group by 1',
      );
      const countOf = new Map(effects.map(({ subject_id: id, count }) => [id, count]));
      const taken = await resets();
      const isSkipped = (event: Logged) =>
        taken.some((reset) => {
          const after = historyOf.get(reset.to_nonce) ?? Number.NaN;
          const before = reset.from_nonce === null ? -1 : (historyOf.get(reset.from_nonce) ?? Number.NaN);
          if (event.history < before || event.history > after) return false;
          return (
            (event.history > before || event.pos > (reset.from_pos ?? -1)) &&
            (event.history < after || event.pos <= reset.to_pos)
          );
        });
      const [totals] = await database.query<{ total: number }>('select total::int from toy_totals');
      const total = totals?.total ?? 0;
      const done = effects.reduce((sum, { count }) => sum + count, 0);
      return [
        ...(total === done ? [] : [`${done} effects, but ${total} were counted in their transactions`]),
        ...logged.flatMap((event) => {
          const count = countOf.get(event.subjectId) ?? 0;
          const expected = isSkipped(event) ? 0 : 1;
          return count === expected ? [] : [`${JSON.stringify(event)}: ${count} effects, expected ${expected}`];
        }),
      ];
    },
    async [Symbol.asyncDispose]() {
      await db.close();
      await database[Symbol.asyncDispose]();
    },
  };
}
