import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytea, id, seq, time } from './column-types.ts';

/**
 * Who did what to whom: ids alone, no names and no addresses of mail. A row stands in one scope: a workspace's, or an
 * account's own (the person's id). Append-only: see migration 0005.
 */
export const auditLog = pgTable(
  'audit_log',
  {
    scopeId: id('scope_id'),
    id: id('id'),
    action: text('action').notNull(),
    /** Null: the operator, or someone who is not known. */
    actorId: uuid('actor_id'),
    /** To whom it was done. */
    userId: uuid('user_id'),
    details: jsonb('details').notNull().default({}),
    address: text('address'),
    requestId: text('request_id'),
    createdAt: time('created_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ columns: [t.scopeId, t.id] }),
    index('audit_log_created_at').on(t.createdAt),
    index('audit_log_address').on(sql`coalesce(${t.actorId}, ${t.userId})`).where(sql`${t.address} is not null`),
  ],
);

/**
 * What the audit log was when it was sealed: the lines that had become visible since the seal before, each with a digest of
 * all that it says but its address, which an erasure may take. `content` is the hash of that list, `hash` that of the seal
 * before and this one. A seal whose lines were pruned keeps both, and no list. See audit_seal().
 */
export const auditSeals = pgTable(
  'audit_seals',
  {
    n: seq('n').primaryKey(),
    lines: integer('lines').notNull(),
    newestAt: time('newest_at').notNull(),
    content: bytea('content').notNull(),
    hash: bytea('hash').notNull(),
    scopeIds: uuid('scope_ids').array(),
    ids: uuid('ids').array(),
    digests: bytea('digests').array(),
    sealedAt: time('sealed_at').notNull().default(sql`clock_timestamp()`),
    prunedAt: time('pruned_at'),
    /** How long lines were kept then, and how many of these were still there. */
    prunedAfterDays: integer('pruned_after_days'),
    prunedLines: integer('pruned_lines'),
  },
  (t) => [index('audit_seals_unpruned').on(t.newestAt).where(sql`${t.prunedAt} is null`)],
);

/** The lines of the audit log that no seal has yet: written with them, so that one which commits late is in a later seal. */
export const auditUnsealed = pgTable(
  'audit_unsealed',
  { scopeId: id('scope_id'), id: id('id'), createdAt: time('created_at').notNull() },
  (t) => [primaryKey({ columns: [t.scopeId, t.id] }), index('audit_unsealed_created_at').on(t.createdAt, t.id)],
);

/** The one row of what the operator has said of the audit log: a service that was taken over cannot shorten its memory. */
export const auditSettings = pgTable(
  'audit_settings',
  { id: boolean('id').primaryKey().default(true), retentionDays: integer('retention_days').notNull().default(365) },
  (t) => [check('audit_settings_one', sql`${t.id}`), check('audit_settings_days', sql`${t.retentionDays} >= 1`)],
);
