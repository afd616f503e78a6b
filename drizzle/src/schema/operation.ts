import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { id, seq, time } from './column-types.ts';

/**
 * What has to be done now and then, by any worker: when it is due, and who is at it. A lease that is not renewed ends by
 * itself; see worker/src/maintenance.
 */
export const maintenanceJobs = pgTable('maintenance_jobs', {
  name: text('name').primaryKey(),
  dueAt: time('due_at').notNull().default(sql`clock_timestamp()`),
  lease: uuid('lease'),
  leasedUntil: time('leased_until'),
  /** The last time that it came to its end. */
  finishedAt: time('finished_at'),
  /** In a row, since then. */
  failures: integer('failures').notNull().default(0),
});

/** Processes that run: each writes every few seconds that it does, and deletes its row when it stops in order. */
export const processes = pgTable('processes', {
  id: id('id').primaryKey(),
  service: text('service').notNull(),
  /** `major.minor.patch`. */
  release: text('release').notNull(),
  startedAt: time('started_at').notNull().default(sql`clock_timestamp()`),
  seenAt: time('seen_at').notNull().default(sql`clock_timestamp()`),
});

/** How far each consumer of the log has come: everything up to here had its effect (see log/consumer.ts). */
export const consumers = pgTable('consumers', {
  name: text('name').primaryKey(),
  pos: seq('pos').notNull(),
  nonce: integer('nonce').notNull(),
  movedAt: time('moved_at').notNull().default(sql`clock_timestamp()`),
});

/**
 * When a consumer could not go on from where it stood, and where it began anew: what lies between had no effect. The
 * latest 100 of each consumer are kept.
 */
export const consumerResets = pgTable(
  'consumer_resets',
  {
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    consumer: text('consumer').notNull(),
    /** Null: a new consumer, which stood nowhere. */
    fromPos: seq('from_pos'),
    fromNonce: integer('from_nonce'),
    toPos: seq('to_pos').notNull(),
    toNonce: integer('to_nonce').notNull(),
    createdAt: time('created_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [index('consumer_resets_consumer').on(t.consumer, t.id)],
);
