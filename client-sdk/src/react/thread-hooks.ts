import { useCallback, useMemo } from 'react';
import type { History, HistoryView } from '../store/history.ts';
import type { Slice } from '../store/slice.ts';
import type { Thread } from '../wire.ts';
import { useSlice } from './hooks.ts';
import { useStore } from './provider.ts';

/**
 * The replies to a message, oldest first, with your own unsent ones at the end; loads pages on demand. `thread` is the
 * thread itself: the message, whether you follow, and how far you have read; undefined until it has been read.
 */
export function useThread(
  chatId: string,
  rootId: string,
): HistoryView & Omit<History, keyof Slice<HistoryView>> & { readonly thread: Thread | undefined } {
  const store = useStore();
  const history = store.thread(chatId, rootId);
  const view = useSlice(history);
  const thread = useSlice(store.threadRow(chatId, rootId));
  return useMemo(() => {
    const { loadOlder, loadNewer, toNewest, toNumber, toFirstUnread } = history;
    return { ...view, thread, loadOlder, loadNewer, toNewest, toNumber, toFirstUnread };
  }, [history, view, thread]);
}

/** The threads that you follow in a workspace, the one with the latest reply first; undefined until they were read. */
export function useThreads(workspaceId: string): readonly Thread[] | undefined {
  return useSlice(useStore().threads(workspaceId));
}

/** Follows a thread, or with `false` unfollows it. */
export function useFollowThread(chatId: string, rootId: string): (isFollowing?: boolean) => Promise<void> {
  const store = useStore();
  return useCallback(
    (isFollowing?: boolean) => store.followThread(chatId, rootId, isFollowing),
    [store, chatId, rootId],
  );
}

/** Marks a thread as read up to a reply, by its `number`; without a number, up to the newest known reply. */
export function useMarkThreadRead(chatId: string, rootId: string): (upToNumber?: number) => Promise<void> {
  const store = useStore();
  return useCallback(
    (upToNumber?: number) => store.markThreadRead(chatId, rootId, upToNumber),
    [store, chatId, rootId],
  );
}
