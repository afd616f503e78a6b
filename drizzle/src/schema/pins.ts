import { index, pgTable, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, seq } from './column-types.ts';

/**
 * The pinned messages of chats. `seq` is the chat's when the message was pinned, and orders them; the message's parts
 * contain `pinnedAt`, which everyone sees. Written under the lock of the chat's head. No foreign keys, as for messages.
 */
export const pins = pgTable(
  'pins',
  {
    messageId: uuid('message_id').primaryKey(),
    chatId: id('chat_id'),
    seq: seq('seq').notNull(),
    /** Who pinned it; null after that person was erased. */
    userId: uuid('user_id'),
  },
  (t) => [uniqueIndex('pins_chat').on(t.chatId, t.seq), index('pins_user').on(t.userId, t.messageId)],
);
