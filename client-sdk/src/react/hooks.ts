import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import type { MessageExtras, Sending } from '../outbox/outbox.ts';
import type { UnsentMessage } from '../outbox/unsent-message.ts';
import type { KnownMember } from '../store/state.ts';
import type { History, HistoryView } from '../store/history.ts';
import type { SavedMessages, SavedView } from '../store/saved-list.ts';
import type { Slice } from '../store/slice.ts';
import type { Connection, UnreadMentions } from '../store/store.ts';
import type { SystemLine } from '../store/system-line.ts';
import type { ChatRow, Message, Preferences, Presence, Workspace } from '../wire.ts';
import { useStore } from './provider.ts';

const NO_NUMBERS: readonly number[] = [];

/** Re-renders when this part of a store changes. */
export function useSlice<T>(slice: Slice<T>): T {
  return useSyncExternalStore(slice.subscribe, slice.getSnapshot, slice.getSnapshot);
}

/** Your chats, of one workspace or of all, those with the latest message first. */
export function useChats(workspaceId?: string): readonly ChatRow[] {
  const chats = useSlice(useStore().chats);
  return useMemo(
    () => (workspaceId === undefined ? chats : chats.filter((chat) => chat.workspaceId === workspaceId)),
    [chats, workspaceId],
  );
}

/** One chat; undefined if you are not in it. */
export function useChat(chatId: string): ChatRow | undefined {
  return useSlice(useStore().chat(chatId));
}

/** Your workspaces, by name. */
export function useWorkspaces(): readonly Workspace[] {
  return useSlice(useStore().workspaces);
}

/** The messages of a chat, oldest first, with your own unsent ones at the end; loads pages on demand. */
export function useMessages(chatId: string): HistoryView & Omit<History, keyof Slice<HistoryView>> {
  const history = useStore().messages(chatId);
  const view = useSlice(history);
  return useMemo(() => {
    const { loadOlder, loadNewer, toNewest, toNumber, toFirstUnread } = history;
    return { ...view, loadOlder, loadNewer, toNewest, toNumber, toFirstUnread };
  }, [history, view]);
}

/** One message by its id, such as a quoted one; undefined until it has been read, null if it is gone or not for you. */
export function useMessage(chatId: string, messageId: string): Message | null | undefined {
  return useSlice(useStore().message(chatId, messageId));
}

/**
 * The ids of the people who have read a message, except its sender; undefined until that is known, and where there are no
 * receipts.
 */
export function useReaders(chatId: string, messageId: string): readonly string[] | undefined {
  return useSlice(useStore().readers(chatId, messageId));
}

/**
 * What happened in a chat besides messages since the store began; `withSystemLines` places it among the messages. Never
 * unread.
 */
export function useSystemLines(chatId: string): readonly SystemLine[] {
  return useSlice(useStore().systemLines(chatId));
}

/** The members of a chat; undefined until they have been read. */
export function useMembers(chatId: string): readonly KnownMember[] | undefined {
  return useSlice(useStore().members(chatId));
}

/** The pinned messages of a chat, the latest pinned first; undefined until they have been read. */
export function usePins(chatId: string): readonly Message[] | undefined {
  return useSlice(useStore().pins(chatId));
}

/** The emoji of a workspace: the id of the picture, for `files.urlOf`, by the name; undefined until they have been read. */
export function useEmoji(workspaceId: string): ReadonlyMap<string, string> | undefined {
  return useSlice(useStore().emoji(workspaceId));
}

/** The messages that you have saved, the latest first; loads pages on demand. */
export function useSaved(): SavedView & Omit<SavedMessages, keyof Slice<SavedView>> {
  const { saved } = useStore();
  const view = useSlice(saved);
  return useMemo(() => ({ ...view, loadMore: () => saved.loadMore() }), [saved, view]);
}

/** Sends a message to a chat or, with `threadId`, a reply: it appears at once, also offline. `extras` can have files. */
export function useSend(chatId: string, threadId?: string): (content: string, extras?: MessageExtras) => Sending {
  const store = useStore();
  return useCallback(
    (content: string, extras?: MessageExtras) => store.send(chatId, content, threadId, extras),
    [store, chatId, threadId],
  );
}

/** A person's presence and custom status; undefined until it is known. */
export function usePresence(userId: string): Presence | undefined {
  return useSlice(useStore().presence(userId));
}

/** The ids of people who are typing in a chat or a thread, in the order in which they began; never yours. */
export function useTyping(chatId: string, threadId?: string): readonly string[] {
  return useSlice(useStore().typing(chatId, threadId));
}

/**
 * Shows others that you are typing in a chat or a thread, or with `false` that you have stopped. Call it at each key
 * stroke.
 */
export function useSetTyping(chatId: string, threadId?: string): (isTyping?: boolean) => void {
  const store = useStore();
  return useCallback((isTyping?: boolean) => store.setTyping(chatId, isTyping, threadId), [store, chatId, threadId]);
}

/** Adds and removes your reactions to messages of a chat: they appear at once, also offline. */
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

/** Pins messages of a chat and unpins them: it shows at once, also offline. */
export function usePinning(chatId: string): {
  pin(messageId: string): Promise<void>;
  unpin(messageId: string): Promise<void>;
} {
  const store = useStore();
  return useMemo(
    () => ({
      pin: (messageId) => store.pin(chatId, messageId),
      unpin: (messageId) => store.unpin(chatId, messageId),
    }),
    [store, chatId],
  );
}

/** Saves messages of a chat for you and takes them off again: it shows at once, also offline. */
export function useSaving(chatId: string): {
  save(messageId: string): Promise<void>;
  unsave(messageId: string): Promise<void>;
} {
  const store = useStore();
  return useMemo(
    () => ({
      save: (messageId) => store.save(chatId, messageId),
      unsave: (messageId) => store.unsave(chatId, messageId),
    }),
    [store, chatId],
  );
}

/**
 * Marks a chat as read up to a message, by its `number`; without a number, up to the newest known message. Call it with
 * the highest number that was on screen while the window was visible and focused, as often as that changes: calls are
 * merged, and the highest mark always arrives.
 */
export function useMarkRead(chatId: string): (upToNumber?: number) => Promise<void> {
  const store = useStore();
  return useCallback((upToNumber?: number) => store.markRead(chatId, upToNumber), [store, chatId]);
}

/** Marks a chat as unread from a message on, by its id. */
export function useMarkUnread(chatId: string): (messageId: string) => Promise<void> {
  const store = useStore();
  return useCallback((messageId: string) => store.markUnread(chatId, messageId), [store, chatId]);
}

/**
 * The number of the first message that was unread when the chat was opened, for a "new messages" divider. It stays
 * while the read mark moves, until another chat is opened. Null if nothing was unread; undefined until that is known.
 * Deleted messages have numbers too: put the divider above the first entry with this number or a higher one.
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

/**
 * The numbers of the unread messages that mention you in a chat, the first 100: their count is its badge. Without a chat,
 * those of all chats, by chat id, and how many they are.
 */
export function useMentions(): UnreadMentions;
export function useMentions(chatId: string): readonly number[];
export function useMentions(chatId?: string): UnreadMentions | readonly number[] {
  const mentions = useSlice(useStore().mentions);
  return chatId === undefined ? mentions : (mentions.byChat.get(chatId) ?? NO_NUMBERS);
}

/**
 * What you have chosen for yourself on all of your devices, and whom you block; undefined until it has been read. Change it
 * with `client.user.setPreferences`, `block` and `unblock`.
 */
export function usePreferences(): Preferences | undefined {
  return useSlice(useStore().preferences);
}

/** The status of the connection, and the messages that wait to be sent. */
export function useConnection(): Connection & { readonly unsent: readonly UnsentMessage[] } {
  const store = useStore();
  const connection = useSlice(store.connection);
  const unsent = useSlice(store.outbox.unsent);
  return useMemo(() => ({ ...connection, unsent }), [connection, unsent]);
}

/** Retries a failed message, cancels an unsent one, or takes a file off it; see the outbox. */
export function useUnsent(): {
  retry(clientId: string): boolean;
  cancel(clientId: string): boolean;
  removeFile(clientId: string, key: string): boolean;
} {
  const { outbox } = useStore();
  return useMemo(
    () => ({
      retry: (clientId) => outbox.retry(clientId),
      cancel: (clientId) => outbox.cancel(clientId),
      removeFile: (clientId, key) => outbox.removeFile(clientId, key),
    }),
    [outbox],
  );
}
