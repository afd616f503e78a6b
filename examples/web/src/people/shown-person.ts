import { useSyncExternalStore } from 'react';
import type { MentionedPerson } from './mention-in.ts';

/** A person whose card is open. */
export interface ShownPerson {
  readonly userId: string;
  /** What they are called where they were named; undefined where that is not known. */
  readonly name: string | undefined;
  readonly workspaceId: string;
  /** Mentions them in what is being written there; undefined where nothing can be written. */
  readonly mention: ((person: MentionedPerson) => void) | undefined;
  /** What was pressed: the card is beside it. */
  readonly anchor: HTMLElement;
}

let shown: ShownPerson | undefined;
const listeners = new Set<() => void>();

/** Opens the card of a person; undefined closes it. */
export function showPerson(next: ShownPerson | undefined): void {
  shown = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useShownPerson = (): ShownPerson | undefined => useSyncExternalStore(subscribe, () => shown);
