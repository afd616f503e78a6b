import type { Store } from '@fechatter/client/store';

/** So many at a time, because each one is a call. */
const AT_ONCE = 5;

/** Marks the conversations of a workspace as read, and its threads if they have been read from the service. */
export async function markAllRead(store: Store, workspaceId: string): Promise<void> {
  const chats = store.chats.getSnapshot().filter((chat) => chat.workspaceId === workspaceId && chat.unreadCount > 0);
  const threads = store.threads(workspaceId).getSnapshot() ?? [];
  const marks = [
    ...chats.map(
      ({ id }) =>
        () =>
          store.markRead(id),
    ),
    ...threads
      .filter(({ unreadCount }) => unreadCount > 0)
      .map(
        ({ root }) =>
          () =>
            store.markThreadRead(root.chatId, root.id),
      ),
  ];
  for (let next = 0; next < marks.length; next += AT_ONCE)
    await Promise.all(marks.slice(next, next + AT_ONCE).map((mark) => mark()));
}
