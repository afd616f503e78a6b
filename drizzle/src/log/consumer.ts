import type { Cursor } from '@fechatter/contract';
import { sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { inTransaction, type Tx } from '../transaction.ts';
import { isKnown } from './entry.ts';
import { type LogReference, readReferences } from './read-references.ts';

/**
 * Follows the log and reacts to each event in the database, exactly once: its effects and its new position are one
 * transaction (see {@link stepConsumer}).
 *
 * It must only touch the database: a transaction can be rolled back or run again, but a request that was sent cannot.
 * Anything that must leave the database is written as job rows into the consumer's own table. Senders claim them with
 * `for update skip locked`, move their `due_at` into the future before they send, and afterwards delete them or count
 * an attempt, up to a limit: at least once, with an id by which the receiver recognises a repeat.
 */
export interface Consumer {
  /** The key of its row, which must never change: with another name it is a new consumer. */
  readonly name: string;
  /** Processes the next entries of the log, in order. Reads what they refer to as it is now. */
  readonly consume: (tx: Tx, entries: readonly LogReference[]) => Promise<void>;
  /** Compensates for the skipped entries, or records the gap: the consumer continues after `to`. */
  readonly onReset: (tx: Tx, reset: ConsumerReset) => Promise<void>;
  /** The maximum number of entries in one transaction. Default: 500. */
  readonly batchMax?: number;
}

/**
 * A consumer starts again at the end of the log: it is new, or the row of its position was pruned or belongs to another
 * history.
 */
export interface ConsumerReset {
  /** Undefined: a new consumer. */
  readonly from: Cursor | undefined;
  readonly to: Cursor;
}

/** The result of one step; `taken`: another process is running the consumer now. */
export type ConsumerStep =
  | { readonly did: 'nothing' | 'taken' | 'reset' }
  | { readonly did: 'consumed'; readonly entries: number; readonly hasMore: boolean };

export const CONSUMER_BATCH_MAX = 500;
const DEADLINE_MS = 30_000;
const RESETS_KEPT = 100;

/**
 * Runs one batch of a consumer in one transaction of at most 30 s: takes its row, reads the log from its position,
 * applies the effects and moves the position. A process that dies leaves either all of it or nothing. Any number of
 * processes can try at once: only one gets the row.
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

/** An entry of an unknown kind may need an action: the consumer stops in front of it. */
function knownPart(entries: readonly LogReference[]): readonly LogReference[] {
  const unknownAt = entries.findIndex((entry) => !isKnown(entry));
  const unknown = entries[unknownAt];
  if (unknownAt === 0 && unknown !== undefined)
    throw new Error(`position ${unknown.pos} has kind ${unknown.code}, which this build does not know: redeploy`);
  return unknown === undefined ? entries : entries.slice(0, unknownAt);
}

/** Without a transaction and a lock: the most common result. */
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

/** False: the row exists, and another process holds it. */
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
