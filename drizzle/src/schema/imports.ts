import { sql } from 'drizzle-orm';
import { index, pgEnum, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { id, seq, time } from './column-types.ts';
import { role } from './workspaces.ts';
import { workspaces } from './workspaces.ts';

export const importedKind = pgEnum('imported_kind', ['Person', 'Chat', 'Emoji']);

/**
 * What became of the people, chats and custom emoji of an import: a second run finds them again. `key` is a hash of what the source
 * calls them, so that no name or address is stored here. Messages need no row, because their ids are made from the source.
 */
export const importMap = pgTable(
  'import_map',
  {
    workspaceId: id('workspace_id').references(() => workspaces.id),
    source: text('source').notNull(),
    kind: importedKind('kind').notNull(),
    key: id('key'),
    /** The person or chat here, or the file of the emoji. */
    id: id('id'),
    /** When a chat or emoji had become visible; null: its import is not finished. */
    finishedAt: time('finished_at'),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.source, t.kind, t.key] }), index('import_map_id').on(t.id)],
);

/** Imported chats whose messages are not yet in the search index; all up to `walked_seq` are. */
export const searchWalks = pgTable('search_walks', {
  chatId: uuid('chat_id').primaryKey(),
  walkedSeq: seq('walked_seq').notNull().default(0),
});

/**
 * Placeholders of an import whose source gives an address: who proves it can claim them, and an Owner of the workspace
 * confirms. Then `users.account_id` names the account.
 */
export const placeholders = pgTable(
  'placeholders',
  {
    userId: id('user_id')
      .primaryKey()
      .references(() => users.id),
    workspaceId: id('workspace_id').references(() => workspaces.id),
    email: text('email').notNull(),
    claimedBy: uuid('claimed_by').references(() => users.id),
    claimedAt: time('claimed_at'),
    confirmedAt: time('confirmed_at'),
    /** When the account had become a member of the placeholder's chats; null: not of all of them. */
    joinedAt: time('joined_at'),
  },
  (t) => [
    index('placeholders_email').on(sql`lower(${t.email} collate "C")`, t.workspaceId),
    index('placeholders_workspace').on(t.workspaceId),
    index('placeholders_open')
      .on(t.workspaceId, t.userId)
      .where(sql`${t.claimedBy} is not null and ${t.confirmedAt} is null`),
    index('placeholders_claimed_by').on(t.claimedBy).where(sql`${t.claimedBy} is not null`),
    index('placeholders_unjoined').on(t.userId).where(sql`${t.confirmedAt} is not null and ${t.joinedAt} is null`),
  ],
);

/**
 * The imported chats of placeholders, as the source says. The account that claims one becomes a member of those that have
 * a role: without one they only wrote there, and had left before the export.
 */
export const importMembers = pgTable(
  'import_members',
  {
    userId: id('user_id'),
    chatId: id('chat_id'),
    role: role('role'),
    /** When the account was made a member, or could not be any more; null: it is to be. */
    joinedAt: time('joined_at'),
  },
  (t) => [primaryKey({ columns: [t.userId, t.chatId] }), index('import_members_chat').on(t.chatId)],
);
