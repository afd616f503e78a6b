import { sql } from 'drizzle-orm';
import { boolean, check, index, pgEnum, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { bytea, createdAt, id, seq, time } from './column-types.ts';
import { role, workspaces } from './workspaces.ts';

export const chatType = pgEnum('chat_type', ['Single', 'Group', 'PrivateChannel', 'PublicChannel']);
export const whoPosts = pgEnum('who_posts', ['All', 'Admins']);
/** Who may send into a chat now: no one, if it is archived. */
export const posting = pgEnum('posting', ['All', 'Admins', 'Nobody']);

/** `version` is the chat's seq of the last change of its own fields. A Single chat has its pair, in id order. */
export const chats = pgTable(
  'chats',
  {
    id: id('id').primaryKey(),
    workspaceId: id('workspace_id').references(() => workspaces.id),
    chatType: chatType('chat_type').notNull(),
    name: text('name').notNull(),
    topic: text('topic'),
    whoPosts: whoPosts('who_posts').notNull().default('All'),
    archivedAt: time('archived_at'),
    version: seq('version').notNull(),
    creatorId: id('creator_id').references(() => users.id),
    clientId: uuid('client_id'),
    /**
     * Distinguishes a repeated creation from a reused clientId; null without a clientId, and for chats of an earlier
     * release.
     */
    requestMac: bytea('request_mac'),
    singleLow: uuid('single_low'),
    singleHigh: uuid('single_high'),
    createdAt: createdAt(),
    updatedAt: time('updated_at').notNull().default(sql`now()`),
    deletedAt: time('deleted_at'),
    /** Every message up to this seq was purged. */
    purgedSeq: seq('purged_seq').notNull().default(0),
    /** When the last of its content was wiped, after it or its workspace was deleted. */
    wipedAt: time('wiped_at'),
    /** When it was imported, with everything up to its `chat.created`: retention counts from here. */
    importedAt: time('imported_at'),
  },
  (t) => [
    uniqueIndex('chats_pair').on(t.workspaceId, t.singleLow, t.singleHigh).where(sql`${t.singleLow} is not null`),
    uniqueIndex('chats_client_id').on(t.creatorId, t.clientId),
    index('chats_public').on(t.workspaceId, t.name, t.id).where(sql`${t.chatType} = 'PublicChannel'`),
    check(
      'chats_single',
      sql`(${t.chatType} = 'Single') = (${t.singleLow} is not null and ${t.singleHigh} is not null) and (${t.singleLow} is null or ${t.singleLow} < ${t.singleHigh})`,
    ),
  ],
);

export const notifyLevel = pgEnum('notify_level', ['All', 'Mentions', 'Nothing']);

/** The counters of a chat, and the lock that orders its events. Workspace and type never change. */
export const chatHeads = pgTable(
  'chat_heads',
  {
    chatId: uuid('chat_id').primaryKey(),
    workspaceId: id('workspace_id'),
    chatType: chatType('chat_type').notNull(),
    /** Derived from the chat's `whoPosts` and `archivedAt`; it is here because each send locks this row. */
    posting: posting('posting').notNull().default('All'),
    lastSeq: seq('last_seq').notNull().default(0),
    lastNumber: seq('last_number').notNull().default(0),
    /** Whether Guests of the workspace are in it, or were. */
    hasGuests: boolean('has_guests').notNull().default(false),
  },
  (t) => [index('chat_heads_workspace').on(t.workspaceId)],
);

/** One row per membership period, as in workspace_members, with how far the person has read. */
export const chatMembers = pgTable(
  'chat_members',
  {
    chatId: id('chat_id').references(() => chats.id),
    userId: id('user_id').references(() => users.id),
    role: role('role').notNull(),
    joinedSeq: seq('joined_seq').notNull(),
    leftSeq: seq('left_seq'),
    joinedAt: time('joined_at').notNull().default(sql`now()`),
    lastReadSeq: seq('last_read_seq').notNull(),
    lastReadNumber: seq('last_read_number').notNull(),
    leftAt: time('left_at'),
    /** Raised whenever the person moves the read mark; a later period continues from it. */
    markVersion: seq('mark_version').notNull().default(0),
    /** The chat's seq at that move. */
    markSeq: seq('mark_seq').notNull().default(0),
    /** How far the person had read when the mark went back; receipts use the higher of this and the mark. */
    highestReadNumber: seq('highest_read_number').notNull().default(0),
    /** Null: the default. */
    notifyLevel: notifyLevel('notify_level'),
    mutedUntil: time('muted_until'),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.chatId, t.joinedSeq] }),
    uniqueIndex('chat_members_open').on(t.chatId, t.userId).where(sql`${t.leftSeq} is null`),
    index('chat_members_own').on(t.userId, t.chatId).where(sql`${t.leftSeq} is null`),
    index('chat_members_left').on(t.userId, t.leftAt).where(sql`${t.leftSeq} is not null`),
    index('chat_members_chat').on(t.chatId, t.joinedSeq),
    // Who is notified of everything: in a channel the few who chose it.
    index('chat_members_all').on(t.chatId).where(sql`${t.leftSeq} is null and ${t.notifyLevel} = 'All'`),
    check('chat_members_left_at', sql`(${t.leftSeq} is null) = (${t.leftAt} is null)`),
  ],
);
