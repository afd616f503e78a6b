import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import type { Sending } from '../outbox/outbox.ts';
import type { UnsentMessage } from '../outbox/unsent-message.ts';
import type { KnownMember } from '../store/state.ts';
import type { History, HistoryView } from '../store/history.ts';
import type { Slice } from '../store/slice.ts';
import type { Connection } from '../store/store.ts';
import type { ChatRow, Workspace } from '../wire.ts';
import { useStore } from './provider.ts';

/** Renders again when this part of a store changes. */
export function useSlice<T>(slice: Slice<T>): T {
  return useSyncExternalStore(slice.subscribe, slice.getSnapshot, slice.getSnapshot);
}

/** One's chats, of one workspace or of all, the latest spoken in first. */
export function useChats(workspaceId?: string): readonly ChatRow[] {
  const chats = useSlice(useStore().chats);
  return useMemo(
    () => (workspaceId === undefined ? chats : chats.filter((chat) => chat.workspaceId === workspaceId)),
    [chats, workspaceId],
  );
}

/** One chat; undefined where one is not in it. */
export function useChat(chatId: string): ChatRow | undefined {
  return useSlice(useStore().chat(chatId));
}

/** One's workspaces, by name. */
export function useWorkspaces(): readonly Workspace[] {
  return useSlice(useStore().workspaces);
}

/** What was said in a chat, oldest first, with one's own unsent messages at the end; pages on demand. */
export function useMessages(chatId: string): HistoryView & Omit<History, keyof Slice<HistoryView>> {
  const history = useStore().messages(chatId);
  const view = useSlice(history);
  return useMemo(() => {
    const { loadOlder, loadNewer, toNewest, toNumber, toFirstUnread } = history;
    return { ...view, loadOlder, loadNewer, toNewest, toNumber, toFirstUnread };
  }, [history, view]);
}

/** Who is in a chat; undefined until it was read. */
export function useMembers(chatId: string): readonly KnownMember[] | undefined {
  return useSlice(useStore().members(chatId));
}

/** Sends to a chat: the message stands there at once, also offline. */
export function useSend(chatId: string): (content: string) => Sending {
  const store = useStore();
  return useCallback((content: string) => store.send(chatId, content), [store, chatId]);
}

/** Puts own reactions to messages of a chat, and takes them away: they show at once, also offline. */
export function useReactions(chatId: string): {
  react(messageId: string, emoji: string): Promise<void>;
  unreact(messageId: string, emoji: string): Promise<void>;
} {
  const store = useStore();
  return useMemo(
    () => ({
      react: (messageId, emoji) => store.react(chatId, messageId, emoji),
      unreact: (messageId, emoji) => store.unreact(chatId, messageId, emoji),
    }),
    [store, chatId],
  );
}

/**
 * Marks a chat as read up to a message, by its `number`; without one, up to the newest that is known. Call it with the
 * highest number that was on screen while the window was visible and focused, as often as that changes: calls are
 * joined, and the highest mark always arrives.
 */
export function useMarkRead(chatId: string): (upToNumber?: number) => Promise<void> {
  const store = useStore();
  return useCallback((upToNumber?: number) => store.markRead(chatId, upToNumber), [store, chatId]);
}

/**
 * The number of the first message that was unread when the chat was opened: where the line "new" stands. It stays while
 * marks move, until another chat is opened. Null where nothing was unread; undefined until that is known. Deleted
 * messages have numbers too: the line stands above the first entry whose number is not below it.
 */
export function useFirstUnread(chatId: string): number | null | undefined {
  const chat = useChat(chatId);
  const [opened, setOpened] = useState<{ readonly chatId: string; readonly number: number | null }>();
  if (opened?.chatId === chatId) return opened.number;
  if (chat === undefined) return undefined;
  const number = chat.unreadCount > 0 ? chat.lastReadNumber + 1 : null;
  setOpened({ chatId, number });
  return number;
}

/** How many messages are unread, in one chat or in all. */
export function useUnread(chatId?: string): number {
  const { total, byChat } = useSlice(useStore().unread);
  return chatId === undefined ? total : (byChat.get(chatId) ?? 0);
}

/** How it stands with the connection, and what waits to be sent. */
export function useConnection(): Connection & { readonly unsent: readonly UnsentMessage[] } {
  const store = useStore();
  const connection = useSlice(store.connection);
  const unsent = useSlice(store.outbox.unsent);
  return useMemo(() => ({ ...connection, unsent }), [connection, unsent]);
}

/** Tries a failed message again, or takes an unsent one back; see the outbox. */
export function useUnsent(): { retry(clientId: string): boolean; cancel(clientId: string): boolean } {
  const { outbox } = useStore();
  return useMemo(
    () => ({ retry: (clientId) => outbox.retry(clientId), cancel: (clientId) => outbox.cancel(clientId) }),
    [outbox],
  );
}
