import type { Message } from '@fechatter/client';
import { useCallback, useSyncExternalStore } from 'react';
import { chatter } from '../chatter.ts';

export interface Quoting {
  /** The message that the next one will quote. */
  readonly quoted: Message | undefined;
  readonly quote: (message: Message) => void;
  readonly unquote: () => void;
}

/** They outlive a switch to another chat, not a reload. */
const quotes = new Map<string, Message>();
const listeners = new Set<() => void>();
const keyOf = (draftName: string) => `${chatter.session?.id}.${draftName}`;

function set(draftName: string, message: Message | undefined): void {
  if (message === undefined) quotes.delete(keyOf(draftName));
  else quotes.set(keyOf(draftName), message);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Which message the one that is written under a draft's name quotes. */
export function useQuoting(draftName: string): Quoting {
  const quoted = useSyncExternalStore(subscribe, () => quotes.get(keyOf(draftName)));
  const quote = useCallback((message: Message) => set(draftName, message), [draftName]);
  const unquote = useCallback(() => set(draftName, undefined), [draftName]);
  return { quoted, quote, unquote };
}
