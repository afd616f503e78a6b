import type { ChatRow } from '../wire.ts';
import type { Unread } from './store.ts';

/** Chats with the latest message first; of two with the same time, the younger chat. */
export function latestFirst(chats: Iterable<ChatRow>): ChatRow[] {
  return [...chats].sort((a, b) => latestMs(b) - latestMs(a) || (a.id < b.id ? 1 : -1));
}

const latestMs = ({ lastMessage, createdAt }: ChatRow) => (lastMessage?.createdAt ?? createdAt).getTime();

export function unreadIn(chats: Iterable<ChatRow>): Unread {
  const byChat = new Map(
    [...chats].filter(({ unreadCount }) => unreadCount > 0).map(({ id, unreadCount }) => [id, unreadCount]),
  );
  return { byChat, total: [...byChat.values()].reduce((sum, count) => sum + count, 0) };
}
