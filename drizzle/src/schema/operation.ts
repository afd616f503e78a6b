import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { id, seq, time } from './column-types.ts';

/**
 * Periodic jobs, done by any worker: when a job is due, and who runs it. A lease that is not renewed expires; see
 * worker/src/maintenance.
 */
export const maintenanceJobs = pgTable('maintenance_jobs', {
  name: text('name').primaryKey(),
  dueAt: time('due_at').notNull().default(sql`clock_timestamp()`),
  lease: uuid('lease'),
  leasedUntil: time('leased_until'),
  /** The last time that it finished. */
  finishedAt: time('finished_at'),
  /** Consecutive failures since then. */
  failures: integer('failures').notNull().default(0),
});

/** Running processes: each updates its row every few seconds, and deletes it when it stops gracefully. */
export const processes = pgTable('processes', {
  id: id('id').primaryKey(),
  service: text('service').notNull(),
  /** `major.minor.patch`. */
  release: text('release').notNull(),
  startedAt: time('started_at').notNull().default(sql`clock_timestamp()`),
  seenAt: time('seen_at').notNull().default(sql`clock_timestamp()`),
});

/** The position of each consumer of the log: everything up to here was processed (see log/consumer.ts). */
export const consumers = pgTable('consumers', {
  name: text('name').primaryKey(),
  pos: seq('pos').notNull(),
  nonce: integer('nonce').notNull(),
  movedAt: time('moved_at').notNull().default(sql`clock_timestamp()`),
});

/**
 * Resets: when a consumer could not continue from its position, and where it started again; the entries in between were
 * not processed. The latest 100 of each consumer are kept.
 */
export const consumerResets = pgTable(
  'consumer_resets',
  {
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    consumer: text('consumer').notNull(),
    /** Null: a new consumer, without a position. */
    fromPos: seq('from_pos'),
    fromNonce: integer('from_nonce'),
    toPos: seq('to_pos').notNull(),
    toNonce: integer('to_nonce').notNull(),
    createdAt: time('created_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [index('consumer_resets_consumer').on(t.consumer, t.id)],
);
