import type { LastMessage } from '@fechatter/contract';
import { alias } from 'drizzle-orm/pg-core';
import type { MessageCipher } from '../message-cipher.ts';
import { messages, users } from '../schema.ts';
import { columnList, type Columns, type RowOf } from './columns.ts';
import { contentOf } from './message.ts';

const newest = alias(messages, 'newest');
const sender = alias(users, 'sender');

const columns = {
  message_id: newest.id,
  message_number: newest.number,
  message_body: newest.body,
  message_created_at: newest.createdAt,
  message_deleted_at: newest.deletedAt,
  sender_id: newest.senderId,
  sender_name: sender.fullName,
} as const satisfies Columns;

/** The columns of the newest message of chats `c`, all null if there is none. */
export const lastMessageColumns = columnList(columns);
export const lastMessageJoins = `
  left join lateral (select x.* from messages x where x.chat_id = c.id and x.thread_id is null order by x.seq desc limit 1) newest on true
  left join users sender on sender.id = newest.sender_id`;

type Found = RowOf<typeof columns>;
/** {@link lastMessageColumns} as SQL returns them. */
export type LastMessageRow = Found | { [Name in keyof Found]: null };

/** The newest message of a chat; null if there is none. */
export function lastMessageOf(
  row: LastMessageRow,
  chatId: string,
  cipher: MessageCipher,
  onUnreadable: (error: unknown, messageId: string) => void,
): LastMessage | null {
  if (row.message_id === null) return null;
  const { message_id: id, message_body: body } = row;
  return {
    id,
    number: row.message_number,
    content: contentOf({ id, chat_id: chatId, body }, cipher, (error) => onUnreadable(error, id)),
    senderId: row.sender_id,
    senderName: row.sender_name,
    createdAt: row.message_created_at,
    deletedAt: row.message_deleted_at,
  };
}
