import { sql } from 'drizzle-orm';
import { bigint, index, pgTable, primaryKey, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, time } from './column-types.ts';

/**
 * The messages that a person has saved, in the order of `number`. A row stays while the person cannot read the chat.
 * The parts of a saved message say so (`saved`), so that other people's reads need no look-up here. No foreign keys, as
 * for messages.
 */
export const savedMessages = pgTable(
  'saved_messages',
  {
    userId: id('user_id'),
    messageId: id('message_id'),
    chatId: id('chat_id'),
    number: bigint('number', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    savedAt: time('saved_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.messageId] }),
    uniqueIndex('saved_messages_order').on(t.userId, t.number),
    index('saved_messages_message').on(t.messageId),
  ],
);
