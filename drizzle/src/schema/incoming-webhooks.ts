import { index, pgTable } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { chats } from './chats.ts';
import { bytea, createdAt, id } from './column-types.ts';
import { workspaces } from './workspaces.ts';

/**
 * Addresses at which programs post into a chat, each with a bot of its own. The row is deleted when that bot leaves the
 * workspace; while it is not in the chat, the address does not work.
 */
export const incomingWebhooks = pgTable(
  'incoming_webhooks',
  {
    id: id('id').primaryKey(),
    workspaceId: id('workspace_id').references(() => workspaces.id),
    chatId: id('chat_id').references(() => chats.id),
    userId: id('user_id')
      .unique('incoming_webhooks_user')
      .references(() => users.id),
    createdBy: id('created_by').references(() => users.id),
    secretHash: bytea('secret_hash').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('incoming_webhooks_chat').on(t.chatId, t.id),
    index('incoming_webhooks_maker').on(t.workspaceId, t.createdBy),
  ],
);
