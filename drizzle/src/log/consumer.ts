import type { Cursor } from '@fechatter/contract';
import { sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { inTransaction, type Tx } from '../transaction.ts';
import { isKnown } from './entry.ts';
import { type LogReference, readReferences } from './read-references.ts';

/**
 * Follows the log and does something about each event in the database, exactly once: what it does and how far it has
 * come are one transaction (see {@link stepConsumer}).
 *
 * Nothing but the database may be touched in it: a transaction can be rolled back, or run again, and a request that was
 * sent cannot. What must leave the database is written down as rows of jobs, in the consumer's own table; senders claim
 * them with `for update skip locked`, push their `due_at` into the future before they send, and delete them or count an
 * attempt afterwards, up to a bound: at least once, under an id by which the receiver knows a repeat.
 */
export interface Consumer {
  /** The key of its row, for good: under another name it is a new consumer. */
  readonly name: string;
  /** Does what these entries, the next in the log and in its order, ask for. Reads what they refer to as it is now. */
  readonly consume: (tx: Tx, entries: readonly LogReference[]) => Promise<void>;
  /** Makes up for what is skipped, or writes down that it is: the consumer goes on after `to`. */
  readonly onReset: (tx: Tx, reset: ConsumerReset) => Promise<void>;
  /** Entries in one transaction at most; 500 where nothing is said. */
  readonly batchMax?: number;
}

/** A consumer begins anew at the end of the log: it is new, or the row that it stood on was pruned or is of another history. */
export interface ConsumerReset {
  /** Undefined: a new consumer. */
  readonly from: Cursor | undefined;
  readonly to: Cursor;
}

/** What one step did; `taken`: another process has the consumer now. */
export type ConsumerStep =
  | { readonly did: 'nothing' | 'taken' | 'reset' }
  | { readonly did: 'consumed'; readonly entries: number; readonly hasMore: boolean };

export const CONSUMER_BATCH_MAX = 500;
const DEADLINE_MS = 30_000;
const RESETS_KEPT = 100;

/**
 * One batch of a consumer, in one transaction of at most 30 s: takes its row, reads the log from the entry that it
 * stands on, has the effects done and moves on. A process that dies anywhere leaves either all of it or nothing, and any
 * number may try at once: the row goes to one of them.
 */
export async function stepConsumer(
  db: Database,
  consumer: Consumer,
  batchMax: number = consumer.batchMax ?? CONSUMER_BATCH_MAX,
): Promise<ConsumerStep> {
  if (await isAtEnd(db, consumer.name)) return { did: 'nothing' };
  return inTransaction(db, (tx) => takeStep(tx, consumer, batchMax), { deadlineMs: DEADLINE_MS });
}

async function takeStep(tx: Tx, consumer: Consumer, batchMax: number): Promise<ConsumerStep> {
  const { name } = consumer;
  const place = await takePlace(tx, name);
  if (place === undefined) return (await addPlace(tx, consumer)) ? { did: 'reset' } : { did: 'taken' };
  const { isAnchored, entries } = await readReferences(tx, place, batchMax);
  if (!isAnchored) {
    await beginAnew(tx, consumer, place);
    return { did: 'reset' };
  }
  const known = knownPart(entries);
  const last = known.at(-1);
  if (last === undefined) return { did: 'nothing' };
  await consumer.consume(tx, known);
  await moveTo(tx, name, last);
  return { did: 'consumed', entries: known.length, hasMore: entries.length === batchMax };
}

/** An entry that this build does not know may be one that it would have to act on: the consumer waits before it. */
function knownPart(entries: readonly LogReference[]): readonly LogReference[] {
  const unknownAt = entries.findIndex((entry) => !isKnown(entry));
  const unknown = entries[unknownAt];
  if (unknownAt === 0 && unknown !== undefined)
    throw new Error(`position ${unknown.pos} has kind ${unknown.code}, which this build does not know: redeploy`);
  return unknown === undefined ? entries : entries.slice(0, unknownAt);
}

/** Without a transaction and a lock: what most looks find. */
async function isAtEnd({ pool }: Database, name: string): Promise<boolean> {
  const { rows } = await pool.query<{ is_at_end: boolean }>({
    name: 'consumer-at-end',
    text: `select exists (
        select 1 from consumers c, (select pos, nonce from log_order order by pos desc limit 1) l
        where c.name = $1 and c.pos = l.pos and c.nonce = l.nonce) as is_at_end`,
    values: [name],
  });
  return rows[0]?.is_at_end === true;
}

async function takePlace(tx: Tx, name: string): Promise<Cursor | undefined> {
  const { rows } = await tx.execute<{ pos: number; nonce: number }>(
    sql`select pos, nonce from consumers where name = ${name} for update skip locked`,
  );
  return rows[0];
}

/** False: it has a row, and another process has that. */
async function addPlace(tx: Tx, consumer: Consumer): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    insert into consumers (name, pos, nonce) select ${consumer.name}, pos, nonce from log_order order by pos desc limit 1
    on conflict do nothing returning 1`);
  if (rows.length === 0) return false;
  await beginAnew(tx, consumer, undefined);
  return true;
}

async function moveTo(tx: Tx, name: string, { pos, nonce }: Cursor): Promise<void> {
  await tx.execute(
    sql`update consumers set pos = ${pos}, nonce = ${nonce}, moved_at = clock_timestamp() where name = ${name}`,
  );
}

async function beginAnew(tx: Tx, consumer: Consumer, from: Cursor | undefined): Promise<void> {
  const { name } = consumer;
  const { rows } = await tx.execute<{ pos: number; nonce: number }>(
    sql`select pos, nonce from log_order order by pos desc limit 1`,
  );
  const [to] = rows;
  if (to === undefined) throw new Error('the log has no beginning: run the migrations');
  await consumer.onReset(tx, { from, to });
  await tx.execute(sql`
    insert into consumer_resets (consumer, from_pos, from_nonce, to_pos, to_nonce)
    values (${name}, ${from?.pos ?? null}, ${from?.nonce ?? null}, ${to.pos}, ${to.nonce})`);
  await tx.execute(sql`
    delete from consumer_resets where consumer = ${name} and id <= (
      select id from consumer_resets where consumer = ${name} order by id desc offset ${RESETS_KEPT} limit 1)`);
  await moveTo(tx, name, to);
}
