import { bigint, index, pgTable, uuid } from 'drizzle-orm/pg-core';
import { id } from './column-types.ts';

/**
 * The people whom messages mention: a row per person, and one row without a person for everyone. The message's parts
 * contain what everyone sees of it; write_mentions() keeps both. The number is that of the message in its timeline. No
 * foreign keys, as for messages.
 */
export const mentions = pgTable(
  'mentions',
  {
    chatId: id('chat_id'),
    /** The root of the thread whose timeline it is; null for the main one. */
    threadId: uuid('thread_id'),
    number: bigint('number', { mode: 'number' }).notNull(),
    messageId: id('message_id'),
    /** Null: everyone but the sender. */
    userId: uuid('user_id'),
    senderId: id('sender_id'),
  },
  (t) => [index('mentions_of').on(t.userId, t.chatId, t.threadId, t.number), index('mentions_message').on(t.messageId)],
);
