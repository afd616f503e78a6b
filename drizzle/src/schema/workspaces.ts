import { sql } from 'drizzle-orm';
import { check, index, integer, pgEnum, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { bytea, createdAt, id, seq, time } from './column-types.ts';

export const role = pgEnum('role', ['Guest', 'Member', 'Admin', 'Owner']);

export const workspaces = pgTable('workspaces', {
  id: id('id').primaryKey(),
  name: text('name').notNull(),
  description: text('description'),
  /** Messages older than this many days are purged; null: never. */
  retentionDays: integer('retention_days'),
  createdAt: createdAt(),
  updatedAt: time('updated_at').notNull().default(sql`now()`),
  deletedAt: time('deleted_at'),
});

/** The counter of a workspace's events, and the lock that orders them. */
export const workspaceHeads = pgTable('workspace_heads', {
  workspaceId: uuid('workspace_id').primaryKey(),
  lastSeq: seq('last_seq').notNull().default(0),
});

/**
 * One row per membership period, from the event that began it to the event that ended it (null: open). The trigger
 * member_left() writes `leftAt`. forget_periods() deletes old ended ones.
 */
export const workspaceMembers = pgTable(
  'workspace_members',
  {
    workspaceId: id('workspace_id').references(() => workspaces.id),
    userId: id('user_id').references(() => users.id),
    role: role('role').notNull(),
    joinedSeq: seq('joined_seq').notNull(),
    leftSeq: seq('left_seq'),
    joinedAt: time('joined_at').notNull().default(sql`now()`),
    leftAt: time('left_at'),
    /**
     * The event that last made them a Guest in this period, or a Member again; null: their role has been the same from
     * the beginning.
     */
    guestSeq: seq('guest_seq'),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.workspaceId, t.joinedSeq] }),
    uniqueIndex('workspace_members_open').on(t.workspaceId, t.userId).where(sql`${t.leftSeq} is null`),
    index('workspace_members_own').on(t.userId, t.workspaceId).where(sql`${t.leftSeq} is null`),
    index('workspace_members_left').on(t.userId, t.leftAt).where(sql`${t.leftSeq} is not null`),
    index('workspace_members_workspace').on(t.workspaceId, t.userId),
    check('workspace_members_left_at', sql`(${t.leftSeq} is null) = (${t.leftAt} is null)`),
  ],
);

export const workspaceInvites = pgTable(
  'workspace_invites',
  {
    id: id('id').primaryKey(),
    workspaceId: id('workspace_id').references(() => workspaces.id),
    createdBy: id('created_by').references(() => users.id),
    tokenHash: bytea('token_hash').notNull().unique('workspace_invites_token'),
    role: role('role').notNull(),
    email: text('email'),
    maxUses: integer('max_uses').notNull(),
    uses: integer('uses').notNull().default(0),
    createdAt: createdAt(),
    expiresAt: time('expires_at').notNull(),
    revokedAt: time('revoked_at'),
  },
  (t) => [
    index('workspace_invites_workspace').on(t.workspaceId),
    index('workspace_invites_created_by').on(t.createdBy),
    index('workspace_invites_email').on(sql`lower(${t.email} collate "C")`).where(sql`${t.email} is not null`),
    check('workspace_invites_uses', sql`${t.uses} between 0 and ${t.maxUses}`),
  ],
);
