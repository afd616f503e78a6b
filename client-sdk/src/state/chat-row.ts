import type { ChatRow, Message } from '../wire.ts';

/** A chat after a message was written or changed. One's own message is read by being sent. */
export function withMessage(chat: ChatRow, message: Message, ownId: string): ChatRow {
  const { id, number, content, createdAt, deletedAt, sender, seq } = message;
  const lastNumber = Math.max(chat.lastNumber, number);
  const isNewest = number >= (chat.lastMessage?.number ?? 0);
  const lastMessage = { id, number, content, senderId: sender.id, senderName: sender.name, createdAt, deletedAt };
  const next = { ...chat, lastNumber, lastMessage: isNewest ? lastMessage : chat.lastMessage };
  const readUpTo = sender.id === ownId ? { lastReadSeq: seq, lastReadNumber: number } : chat;
  return withRead(next, readUpTo);
}

/** A chat whose reading mark has moved; it never goes back. */
export function withRead(chat: ChatRow, mark: Pick<ChatRow, 'lastReadSeq' | 'lastReadNumber'>): ChatRow {
  const lastReadSeq = Math.max(chat.lastReadSeq, mark.lastReadSeq);
  const lastReadNumber = Math.max(chat.lastReadNumber, mark.lastReadNumber);
  const unreadCount = Math.max(0, chat.lastNumber - lastReadNumber);
  return { ...chat, lastReadSeq, lastReadNumber, unreadCount };
}

/** A chat in which a message was deleted: the newest one keeps its place, without content. */
export function withoutContent(
  chat: ChatRow,
  { messageId, deletedAt }: { messageId: string; deletedAt: Date },
): ChatRow {
  const { lastMessage } = chat;
  return lastMessage?.id === messageId ? { ...chat, lastMessage: { ...lastMessage, content: '', deletedAt } } : chat;
}
