import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import type { SearchMaking } from './schema.ts';
import type { Tx } from './transaction.ts';

/** The consumer of the log that keeps the message index up to date. */
export const SEARCH_CONSUMER = 'search-index';

/** A generation of the message index that is being built or in use. */
export interface SearchGeneration {
  readonly gen: number;
  readonly state: 'Building' | 'Active';
  readonly making: SearchMaking;
  readonly walkedTo: string;
  readonly walkEnd: string;
}

/** The generations that are being written; the first one serves queries. */
export async function searchGenerations(tx: Tx): Promise<readonly SearchGeneration[]> {
  const { rows } = await tx.execute<SearchGeneration & Record<string, unknown>>(sql`
    select gen, state, making, walked_to as "walkedTo", walk_end as "walkEnd" from search_generations
    where state <> 'Retired' order by state = 'Active' desc, gen desc`);
  return rows;
}

/** The newest generation that is being written; undefined: there is none. */
export async function newestSearchGeneration(tx: Tx): Promise<SearchGeneration | undefined> {
  return (await searchGenerations(tx)).toSorted((a, b) => b.gen - a.gen)[0];
}

/** The generation that serves queries, and when it was begun: numbers are reused after a restore. */
export interface ServingGeneration {
  readonly gen: number;
  readonly begunMs: number;
}

export async function servingGeneration({ pool }: Pick<Database, 'pool'>): Promise<ServingGeneration | undefined> {
  const { rows } = await pool.query<ServingGeneration>({
    name: 'serving-generation',
    text: `select gen, (extract(epoch from created_at) * 1000)::float8 as "begunMs" from search_generations
      where state <> 'Retired' order by state = 'Active' desc, gen desc limit 1`,
  });
  return rows[0];
}

/** The size of all message indexes, in bytes. */
export async function searchIndexBytes({ pool }: Pick<Database, 'pool'>): Promise<number> {
  const { rows } = await pool.query<{ bytes: number }>(`
    select coalesce(sum(pg_total_relation_size(inhrelid)), 0)::float8 as bytes from pg_inherits
    where inhparent = 'message_search'::regclass`);
  return rows[0]?.bytes ?? 0;
}

/**
 * Takes the lock for writing the index until the end of the transaction, so that the consumer and other writers
 * alternate. False: no worker has begun yet.
 */
export async function takeIndexTurn(tx: Tx): Promise<boolean> {
  const { rows } = await tx.execute(sql`select 1 from consumers where name = ${SEARCH_CONSUMER} for no key update`);
  return rows.length > 0;
}

/** Begins a generation, in a transaction that has the lock; workers build it beside the one in use. */
export async function beginIndex(tx: Tx, making: SearchMaking): Promise<void> {
  await tx.execute(sql`select search_begin(${JSON.stringify(making)}::jsonb)`);
}

/** Drops all generations: search is off, and its stored tokens are deleted. */
export async function endIndex(tx: Tx): Promise<void> {
  if (await takeIndexTurn(tx))
    await tx.execute(sql`update search_generations set state = 'Retired' where state <> 'Retired'`);
}

/** Removes messages whose content this transaction wipes from the index. */
export async function forgetInIndex(tx: Tx, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length > 0) await tx.execute(sql`select search_forget(${sql.param(messageIds)}::uuid[])`);
}
