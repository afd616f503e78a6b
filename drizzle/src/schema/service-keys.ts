import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { chats } from './chats.ts';
import { bytea, createdAt, id, time } from './column-types.ts';
import { workspaces } from './workspaces.ts';

/** Keys of the servers of other apps. All keys of one `issuer` see the same people, workspaces and chats, and no others. */
export const serviceKeys = pgTable('service_keys', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  issuer: text('issuer').notNull(),
  scopes: text('scopes').array().notNull(),
  tokenHash: bytea('token_hash').notNull().unique('service_keys_token'),
  createdAt: createdAt(),
  /** To the minute. */
  lastUsedAt: time('last_used_at'),
  revokedAt: time('revoked_at'),
});

/** What an app calls a workspace that it made. */
export const externalWorkspaces = pgTable(
  'external_workspaces',
  {
    issuer: text('issuer').notNull(),
    externalId: text('external_id').notNull(),
    workspaceId: id('workspace_id').references(() => workspaces.id),
  },
  (t) => [primaryKey({ columns: [t.issuer, t.externalId] }), index('external_workspaces_workspace').on(t.workspaceId)],
);

/** What an app calls a chat that it made. */
export const externalChats = pgTable(
  'external_chats',
  {
    issuer: text('issuer').notNull(),
    externalId: text('external_id').notNull(),
    chatId: id('chat_id').references(() => chats.id),
  },
  (t) => [primaryKey({ columns: [t.issuer, t.externalId] }), index('external_chats_chat').on(t.chatId)],
);
