import type { Thread } from '@fechatter/client';
import { useThreads } from '@fechatter/client/react';

const NONE: ReadonlyMap<string, number> = new Map();
/** By the list that they are of, which is replaced when it changes. */
const known = new WeakMap<readonly Thread[], ReadonlyMap<string, number>>();

/** How many replies are unread in the threads that the person follows, by their roots; only threads that have any. */
export function useUnreadThreads(workspaceId: string): ReadonlyMap<string, number> {
  const threads = useThreads(workspaceId);
  if (threads === undefined) return NONE;
  const before = known.get(threads);
  if (before !== undefined) return before;
  const unread = new Map(
    threads.flatMap(({ root, unreadCount }) => (unreadCount > 0 ? [[root.id, unreadCount] as const] : [])),
  );
  known.set(threads, unread);
  return unread;
}
