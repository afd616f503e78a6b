import type { File as SentFile } from '@fechatter/client';
import { useSyncExternalStore } from 'react';

/** What is looked at: files of a list, beginning with one of them. */
export interface Viewed {
  readonly all: readonly SentFile[];
  readonly fileId: string;
}

let viewed: Viewed | undefined;
const listeners = new Set<() => void>();

/** Opens the viewer; undefined closes it. The row that opened it may leave the page meanwhile. */
export function view(next: Viewed | undefined): void {
  viewed = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useViewed = (): Viewed | undefined => useSyncExternalStore(subscribe, () => viewed);
