import { bigint, index, pgTable, uuid } from 'drizzle-orm/pg-core';
import { id } from './column-types.ts';

/**
 * Whom messages mention: a row a person, and one row, without a person, for everyone. What everyone is shown of it stands
 * in the message's parts; write_mentions() keeps both. The number is that of the message in its timeline. No foreign keys,
 * as for messages.
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
