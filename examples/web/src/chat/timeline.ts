import type { ChatRow, Thread } from '@fechatter/client';

/** What a list of messages shows of a chat's main timeline or of a thread, and how far the person has read it. */
export interface Timeline {
  /** The chat's id or the root's. */
  readonly id: string;
  /** For its label. */
  readonly name: string;
  readonly role: ChatRow['role'];
  readonly lastNumber: number;
  readonly lastReadNumber: number;
  readonly unreadCount: number;
  /** The newest message that is not deleted; null where that is not known. */
  readonly newestId: string | null;
}

export const timelineOfChat = (chat: ChatRow): Timeline => ({
  id: chat.id,
  name: chat.name,
  role: chat.role,
  lastNumber: chat.lastNumber,
  lastReadNumber: chat.lastReadNumber,
  unreadCount: chat.unreadCount,
  newestId: chat.lastMessage?.id ?? null,
});

export const timelineOfThread = ({ root, lastReadNumber, unreadCount }: Thread, chat: ChatRow): Timeline => ({
  id: root.id,
  name: chat.name,
  role: chat.role,
  lastNumber: root.thread?.lastNumber ?? 0,
  lastReadNumber,
  unreadCount,
  newestId: null,
});
