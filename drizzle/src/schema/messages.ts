import type { Mentions, Reaction } from '@fechatter/contract';
import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bytea, id, seq, time } from './column-types.ts';

/** What few messages have besides their text. */
export interface MessageParts {
  readonly reactions?: readonly Reaction[];
  readonly mentions?: Mentions;
  /** ISO 8601. */
  readonly pinnedAt?: string;
  readonly quotedId?: string;
  /** Whether it has had a reply: then it has a row in `threads`. */
  readonly thread?: true;
  /** It has files, which are in `files`. */
  readonly files?: true;
  /** A person has saved it, now or before: see saved_messages. */
  readonly saved?: true;
}

/**
 * Messages, encrypted. A deleted one keeps its row without body. `mac` is that of the first content: it distinguishes a
 * retry from a reused clientId. No foreign keys: only send_batch() writes rows, under the lock of the chat's head, and
 * a key share lock on the sender's row for each message would serialise a busy sender.
 */
export const messages = pgTable(
  'messages',
  {
    id: id('id').primaryKey(),
    chatId: id('chat_id'),
    seq: seq('seq').notNull(),
    /** Counts the main timeline of the chat, or the replies of a thread. */
    number: seq('number').notNull(),
    version: seq('version').notNull(),
    senderId: id('sender_id'),
    clientId: id('client_id'),
    body: bytea('body'),
    mac: bytea('mac').notNull(),
    createdAt: time('created_at').notNull().default(sql`clock_timestamp()`),
    editedAt: time('edited_at'),
    deletedAt: time('deleted_at'),
    /**
     * What few messages have besides their text, by the key of the contract (`reactions`, `pinnedAt`); null for a plain
     * one.
     */
    parts: jsonb('parts').$type<MessageParts>(),
    /** The message that it is a reply to; null in the main timeline. */
    threadId: uuid('thread_id'),
  },
  (t) => [
    uniqueIndex('messages_seq').on(t.chatId, t.seq),
    // The sender first: see send_batch().
    uniqueIndex('messages_client_id').on(t.senderId, t.clientId, t.chatId),
    // One index per timeline: the newest messages of a chat may be behind any number of replies.
    index('messages_main').on(t.chatId, t.seq).where(sql`${t.threadId} is null`),
    index('messages_replies').on(t.threadId, t.seq).where(sql`${t.threadId} is not null`),
  ],
);

/**
 * Who reacted with what. `seq` is the chat's when the reaction was added. The message's parts contain the summary that
 * everyone sees: changed_reactions() keeps both. No foreign keys, as for messages. The index begins with the person,
 * because queries ask for a person's own reactions.
 */
export const reactions = pgTable(
  'reactions',
  {
    userId: id('user_id'),
    messageId: id('message_id'),
    emoji: text('emoji').notNull(),
    seq: seq('seq').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.messageId, t.emoji] }),
    index('reactions_message').on(t.messageId, t.emoji, t.seq),
  ],
);

/** How many reactions a person changed in the current minute: react_held() locks these rows last. */
export const reactionCounters = pgTable('reaction_counters', {
  userId: uuid('user_id').primaryKey(),
  minute: seq('minute').notNull(),
  changed: integer('changed').notNull(),
});

/** How many messages a person sent in the current minute: send_batch() locks these rows last. */
export const sendCounters = pgTable('send_counters', {
  userId: uuid('user_id').primaryKey(),
  minute: seq('minute').notNull(),
  sent: integer('sent').notNull(),
});
