import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { id, seq, time } from './column-types.ts';

/**
 * The summary of a message's thread: one row per root that has had a reply, kept by write_replies() and
 * message_reply_end(). A flag in the root's parts marks that there is one, so that plain messages need no look-up here.
 */
export const threads = pgTable('threads', {
  rootId: uuid('root_id').primaryKey(),
  /** The chat's seq of the last reply, or deletion of one. */
  version: seq('version').notNull(),
  /** Without deleted replies. */
  replyCount: integer('reply_count').notNull(),
  lastNumber: seq('last_number').notNull(),
  lastReplyAt: time('last_reply_at').notNull(),
  /** The people who replied last, the latest first, 5 at most. */
  participantIds: uuid('participant_ids').array().notNull(),
});

/**
 * Who follows which thread, and how far they have read it. A row with `following` false: the person has unfollowed it.
 * Rows are deleted with the membership of the chat (chat_member_left()).
 */
export const threadFollows = pgTable(
  'thread_follows',
  {
    userId: id('user_id'),
    chatId: id('chat_id'),
    rootId: id('root_id'),
    workspaceId: id('workspace_id'),
    isFollowing: boolean('is_following').notNull(),
    lastReadNumber: seq('last_read_number').notNull(),
    /** Starts at the chat's seq, so that a recreated row continues above its former versions. */
    markVersion: seq('mark_version').notNull(),
    markSeq: seq('mark_seq').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.chatId, t.rootId] }),
    index('thread_follows_root').on(t.rootId).where(sql`${t.isFollowing}`),
    index('thread_follows_own').on(t.userId, t.workspaceId).where(sql`${t.isFollowing}`),
  ],
);
