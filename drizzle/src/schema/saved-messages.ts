import { sql } from 'drizzle-orm';
import { bigint, index, pgTable, primaryKey, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, time } from './column-types.ts';

/**
 * Which messages a person has saved, in the order of `number`. A row stays while its person cannot read the chat. A message
 * that somebody has saved says so in its parts (`saved`), so that reads of others do not look here. No foreign keys, as for
 * messages.
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
