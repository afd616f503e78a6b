import { useMemo, useSyncExternalStore } from 'react';
import { chatter } from '../chatter.ts';
import { chatOf } from './draft-names.ts';
import { Drafts } from './drafts.ts';

/** The drafts of the person who is signed in here. */
export const drafts = new Drafts({ storage: () => localStorage, userId: () => chatter.session?.id });

addEventListener('storage', () => drafts.changed());

/** The text of a draft, and a setter; `saved` is the text without a draft. */
export function useDraft(name: string, saved = ''): readonly [text: string, change: (text: string) => void] {
  const text = useSyncExternalStore(drafts.subscribe, () => drafts.get(name) ?? saved);
  return [text, (changed) => drafts.set(name, changed === saved ? undefined : changed)];
}

/** The chats with a draft of this person. */
export function useDraftedChats(): ReadonlySet<string> {
  const names = useDraftNames();
  return useMemo(() => new Set(names.map(chatOf)), [names]);
}

/** The names of this person's drafts with this prefix. */
export function useDraftNames(beginning = ''): readonly string[] {
  const joined = useSyncExternalStore(drafts.subscribe, () => drafts.names(beginning).join('\n'));
  return useMemo(() => (joined === '' ? [] : joined.split('\n')), [joined]);
}
