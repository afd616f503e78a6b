import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { DeliveryState, WebhookOffReason } from '@fechatter/contract';
import { users } from './accounts.ts';
import { bots } from './bots.ts';
import { bytea, createdAt, id, seq, time } from './column-types.ts';
import { workspaces } from './workspaces.ts';

/** Addresses to which a bot's events are sent. One that was deleted keeps its row until its deliveries are deleted. */
export const webhooks = pgTable(
  'webhooks',
  {
    id: id('id').primaryKey(),
    botId: id('bot_id').references(() => bots.userId),
    workspaceId: id('workspace_id').references(() => workspaces.id),
    createdBy: id('created_by').references(() => users.id),
    url: text('url').notNull(),
    /** The codes of the kinds of events that it sends. */
    codes: smallint('codes').array().notNull(),
    createdAt: createdAt(),
    /** When it was switched off, by a person or (`off_reason`) by the service. */
    offAt: time('off_at'),
    offReason: text('off_reason').$type<WebhookOffReason>(),
    /** The first failure since the last success. */
    failingSince: time('failing_since'),
    /** Events that were not kept because too many were waiting. */
    droppedCount: bigint('dropped_count', { mode: 'number' }).notNull().default(0),
    droppedAt: time('dropped_at'),
    deletedAt: time('deleted_at'),
  },
  (t) => [
    index('webhooks_bot').on(t.botId),
    index('webhooks_live').on(t.workspaceId).where(sql`${t.offAt} is null and ${t.deletedAt} is null`),
  ],
);

/** The secrets that sign: one, and for a while after a rotation the one before. */
export const webhookSecrets = pgTable(
  'webhook_secrets',
  {
    id: id('id').primaryKey(),
    webhookId: id('webhook_id').references(() => webhooks.id, { onDelete: 'cascade' }),
    /** Encrypted with the ring of keys. */
    sealed: bytea('sealed').notNull(),
    /** Null: the present one. */
    endsAt: time('ends_at'),
  },
  (t) => [index('webhook_secrets_webhook').on(t.webhookId)],
);

/**
 * Two queues for each webhook, each of which one worker at a time takes: first attempts in the order of their events, and
 * retries. `due_at` is when there is something to send or, while a worker has it, when that worker has lost it.
 */
export const webhookLanes = pgTable(
  'webhook_lanes',
  {
    webhookId: id('webhook_id').references(() => webhooks.id, { onDelete: 'cascade' }),
    isRetry: boolean('is_retry').notNull(),
    /** Null: nothing to send. */
    dueAt: time('due_at'),
    lease: uuid('lease'),
    /** Whether the receiver failed or was slow, and has not taken several quickly since: such lanes share their own connections. */
    isSlow: boolean('is_slow').notNull().default(false),
    /** How many it has taken quickly since, up to as many as end `is_slow`. */
    quickCount: smallint('quick_count').notNull().default(0),
    /** Of the queue of first attempts: how many deliveries can at least be added before those that wait must be counted again. */
    room: integer('room').notNull().default(0),
    /** When it was last counted and found nearly full; null if there was room. */
    fullAt: time('full_at'),
  },
  (t) => [
    primaryKey({ columns: [t.webhookId, t.isRetry] }),
    index('webhook_lanes_due').on(t.isRetry, t.isSlow, t.dueAt).where(sql`${t.dueAt} is not null`),
  ],
);

/** Events that a webhook is to send, or sent: references to the log, never content. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: uuid('id').primaryKey().default(sql`gen_random_uuid()`),
    webhookId: id('webhook_id').references(() => webhooks.id, { onDelete: 'cascade' }),
    /** The order of first attempts. */
    number: bigint('number', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    /** Null for a test. */
    code: smallint('code'),
    pos: seq('pos'),
    nonce: integer('nonce'),
    happenedAt: time('happened_at').notNull().default(sql`clock_timestamp()`),
    state: text('state').$type<DeliveryState>().notNull().default('Waiting'),
    attempts: integer('attempts').notNull().default(0),
    /** When it is to be tried again; null before the first attempt, and when it is finished. */
    dueAt: time('due_at'),
    status: smallint('status'),
    failure: text('failure'),
    attemptedAt: time('attempted_at'),
    finishedAt: time('finished_at'),
  },
  (t) => [
    uniqueIndex('webhook_deliveries_event').on(t.webhookId, t.pos, t.nonce).where(sql`${t.pos} is not null`),
    uniqueIndex('webhook_deliveries_number').on(t.webhookId, t.number),
    index('webhook_deliveries_first')
      .on(t.webhookId, t.number)
      .where(sql`${t.state} = 'Waiting' and ${t.dueAt} is null`),
    index('webhook_deliveries_retry')
      .on(t.webhookId, t.dueAt)
      .where(sql`${t.state} = 'Waiting' and ${t.dueAt} is not null`),
    index('webhook_deliveries_finished').on(t.finishedAt).where(sql`${t.finishedAt} is not null`),
  ],
);
