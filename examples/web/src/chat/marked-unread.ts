import type { ChatRow, Message } from '@fechatter/client';
import { useMarkUnread } from '@fechatter/client/react';
import { useEffect, useRef, useSyncExternalStore } from 'react';

/** By open chat: the number of the message from which on it was marked as unread. */
const marked = new Map<string, number>();
const listeners = new Set<() => void>();

function set(chatId: string, number: number | undefined): void {
  if (number === undefined) marked.delete(chatId);
  else marked.set(chatId, number);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Marks a chat as unread from a message on. It counts from the moment of the choice: the mark does not change if the
 * page has not marked the message as read before, and until it changes the page must not mark it as read again.
 */
export function useMarkingUnread(chatId: string): (message: Message) => Promise<void> {
  const mark = useMarkUnread(chatId);
  return async ({ id, number }) => {
    set(chatId, number);
    try {
      await mark(id);
    } catch (error) {
      set(chatId, undefined);
      throw error;
    }
  };
}

/**
 * The number of the message from which on the person has marked the open chat as unread, here or on another device;
 * undefined if they did not since they opened it.
 */
export function useUnreadFrom({ id, lastReadNumber }: ChatRow): number | undefined {
  const lastRead = useRef(lastReadNumber);
  useEffect(() => {
    if (lastReadNumber < lastRead.current) set(id, lastReadNumber + 1);
    lastRead.current = lastReadNumber;
  }, [lastReadNumber]);
  useEffect(() => () => set(id, undefined), [id]);
  return useSyncExternalStore(subscribe, () => marked.get(id));
}
