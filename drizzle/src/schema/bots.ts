import { sql } from 'drizzle-orm';
import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { bytea, createdAt, id, time } from './column-types.ts';
import { workspaces } from './workspaces.ts';

/**
 * Bots, each with its one key. The key is a session without a refresh token: `sessionId`, which is also in its text;
 * the row of a session that ended is deleted after a while.
 */
export const bots = pgTable(
  'bots',
  {
    userId: uuid('user_id')
      .primaryKey()
      .references(() => users.id),
    workspaceId: id('workspace_id').references(() => workspaces.id),
    createdBy: id('created_by').references(() => users.id),
    scopes: text('scopes').array().notNull(),
    sessionId: uuid('session_id').notNull().unique('bots_session'),
    tokenHash: bytea('token_hash').notNull(),
    createdAt: createdAt(),
    /** When it was deleted, or left its workspace. */
    deletedAt: time('deleted_at'),
  },
  (t) => [
    index('bots_live').on(t.workspaceId, t.userId).where(sql`${t.deletedAt} is null`),
    index('bots_created').on(t.workspaceId, t.createdAt),
    index('bots_deleted').on(t.deletedAt).where(sql`${t.deletedAt} is not null`),
  ],
);
