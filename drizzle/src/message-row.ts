import { type Message, UNREADABLE } from '@fechatter/contract';
import type { MessageCipher } from './message-cipher.ts';

/** A message with its sender, as SQL returns it. */
export interface MessageRow {
  id: string;
  chat_id: string;
  seq: number;
  number: number;
  version: number;
  body: Buffer | null;
  created_at: Date;
  edited_at: Date | null;
  deleted_at: Date | null;
  sender_id: string;
  sender_name: string;
  sender_avatar_url: string | null;
}

/** The columns of a {@link MessageRow}, for `from messages m join users s on s.id = m.sender_id`. */
export const messageColumns = `m.id, m.chat_id, m.seq, m.number, m.version, m.body, m.created_at, m.edited_at, m.deleted_at,
  m.sender_id, s.full_name as sender_name, s.avatar_url as sender_avatar_url`;

/** The noun that a row stands for. A deleted message has empty content. */
export function messageOf(row: MessageRow, cipher: MessageCipher, onUnreadable: (error: unknown) => void): Message {
  return {
    id: row.id,
    chatId: row.chat_id,
    seq: row.seq,
    number: row.number,
    version: row.version,
    content: contentOf(row, cipher, onUnreadable),
    sender: { id: row.sender_id, name: row.sender_name, avatarUrl: row.sender_avatar_url },
    createdAt: row.created_at,
    editedAt: row.edited_at,
    deletedAt: row.deleted_at,
  };
}

/** The text of a row, empty where it was deleted. */
export function contentOf(
  row: Pick<MessageRow, 'id' | 'chat_id' | 'body'>,
  cipher: MessageCipher,
  onUnreadable: (error: unknown) => void,
): string {
  if (row.body === null) return '';
  try {
    return cipher.open(row.chat_id, row.id, row.body);
  } catch (error) {
    onUnreadable(error);
    return UNREADABLE;
  }
}
