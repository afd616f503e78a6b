import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytea, id, seq, time } from './column-types.ts';

/**
 * Who did what to whom: only ids, no names or e-mail addresses. A row has one scope: a workspace, or an account (the
 * person's id). Append-only: see migration 0005.
 */
export const auditLog = pgTable(
  'audit_log',
  {
    scopeId: id('scope_id'),
    id: id('id'),
    action: text('action').notNull(),
    /** Null: the operator, or an unknown person. */
    actorId: uuid('actor_id'),
    /** The person that the action was about. */
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
 * The state of the audit log when it was sealed: the lines that had become visible since the previous seal, each with a
 * digest of everything but its address, which an erasure may remove. `content` is the hash of that list, `hash` that of
 * the previous seal and this one. A seal whose lines were pruned keeps both, and no list. See audit_seal().
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
    /** The retention at that time, and how many of these lines still existed. */
    prunedAfterDays: integer('pruned_after_days'),
    prunedLines: integer('pruned_lines'),
  },
  (t) => [index('audit_seals_unpruned').on(t.newestAt).where(sql`${t.prunedAt} is null`)],
);

/**
 * The lines of the audit log without a seal yet: written together with them, so that a line that commits late is in a
 * later seal.
 */
export const auditUnsealed = pgTable(
  'audit_unsealed',
  { scopeId: id('scope_id'), id: id('id'), createdAt: time('created_at').notNull() },
  (t) => [primaryKey({ columns: [t.scopeId, t.id] }), index('audit_unsealed_created_at').on(t.createdAt, t.id)],
);

/** The single row with the operator's settings of the audit log: a compromised service cannot shorten the retention. */
export const auditSettings = pgTable(
  'audit_settings',
  { id: boolean('id').primaryKey().default(true), retentionDays: integer('retention_days').notNull().default(365) },
  (t) => [check('audit_settings_one', sql`${t.id}`), check('audit_settings_days', sql`${t.retentionDays} >= 1`)],
);
