import { type Database, inTransaction, sql } from '@fechatter/drizzle';

/** An index of 250,000 messages takes seconds, or minutes on a busy machine. */
const DEADLINE_MS = 600_000;

/**
 * Makes the index of tokens of a part that the walk has filled. It does not take the consumer's row: consumers continue to
 * write to other parts, and only what changes a message of this part waits. False: no part is full, or another worker is
 * making its index.
 */
export function indexFullPart(db: Database): Promise<boolean> {
  return inTransaction(
    db,
    async (tx) => {
      const lock = await tx.execute<{ held: boolean }>(
        sql`select pg_try_advisory_xact_lock(hashtext('fechatter.search_index_part')) as held`,
      );
      if (lock.rows[0]?.held !== true) return false;
      const { rows } = await tx.execute<{ part: number }>(fullPartSql);
      const [full] = rows;
      if (full === undefined) return false;
      await tx.execute(sql`select search_index_part(${full.part})`);
      return true;
    },
    { deadlineMs: DEADLINE_MS, statementMs: DEADLINE_MS },
  );
}

const fullPartSql = sql`
  select p.part from search_generations g join search_parts p on p.gen = g.gen
  where g.state = 'Building' and not p.is_indexed and (g.walked_to = g.walk_end
    or exists (select from search_parts n where n.gen = g.gen and n.from_id > p.from_id and n.from_id < g.walk_end))
  order by p.from_id limit 1`;
