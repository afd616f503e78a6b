import type { Workspace } from '@fechatter/client';
import type { Store } from '@fechatter/client/store';
import { useStore } from '@fechatter/client/react';
import { useEffect, useRef } from 'react';
import { showDialog } from '../dialogs/shown-dialog.ts';
import { chatLink, goTo, type Route, useRoute } from '../route.ts';
import { conversationsOf } from '../workspace/conversations.ts';
import { markAllRead } from '../workspace/mark-all-read.ts';
import { isSingle, pressedKey, type ShortcutName, shortcutNames, shortcuts } from './keys-of.ts';
import { singleKeys } from './single-keys.ts';

/** What a shortcut is about. */
interface Here {
  readonly workspaceId: string;
  readonly store: Store;
  readonly route: Route;
  /** What has the focus. */
  readonly focused: Element | null;
}

/** Does what a shortcut says; false if there is nothing to do, so that the key means what it otherwise does. */
type Handler = (here: Here) => boolean;

/** `editLast` is the composer's own: only it knows that it is empty. */
const handlers: Readonly<Record<Exclude<ShortcutName, 'editLast'>, Handler>> = {
  switcher: ({ workspaceId }) => opens('switcher', workspaceId),
  search: ({ workspaceId }) => opens('search', workspaceId),
  shortcuts: ({ workspaceId }) => opens('shortcuts', workspaceId),
  previous: (here) => move(here, -1, () => true),
  next: (here) => move(here, 1, () => true),
  previousUnread: (here) => move(here, -1, ({ unreadCount }) => unreadCount > 0),
  nextUnread: (here) => move(here, 1, ({ unreadCount }) => unreadCount > 0),
  close({ workspaceId, store, route: { chatId, rootId } }) {
    if (chatId === undefined) return false;
    if (rootId !== undefined) goTo(chatLink({ workspaceId, id: chatId }));
    else void store.markRead(chatId).catch(() => {});
    return true;
  },
  markAllRead({ workspaceId, store }) {
    void markAllRead(store, workspaceId).catch(() => {});
    return true;
  },
  edit: ({ focused }) => presses(focused, '[data-edit]'),
  react: ({ focused }) => presses(focused, '[data-react]'),
  thread: ({ focused }) => presses(focused, '[data-thread]'),
};

/** Handles the shortcuts of a workspace's page. What is nearer to the focus, such as a dialog or a list of names, comes first. */
export function useShortcuts(workspace: Workspace | undefined): void {
  const store = useStore();
  const route = useRoute();
  const onKey = useRef<(event: KeyboardEvent) => void>(undefined);
  onKey.current = (event) => {
    if (workspace === undefined || event.defaultPrevented || event.isComposing || isCovered()) return;
    const { activeElement: focused } = document;
    for (const name of shortcutNames) {
      if (name === 'editLast' || !works(event, name, focused)) continue;
      if (handlers[name]({ workspaceId: workspace.id, store, route, focused })) event.preventDefault();
      return;
    }
  };
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey.current?.(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}

/** Its key was pressed where it works. */
function works(event: KeyboardEvent, name: ShortcutName, focused: Element | null): boolean {
  const key = pressedKey(event, name);
  if (key === undefined) return false;
  const { place } = shortcuts[name];
  const isWriting = focused?.matches('input:not([type="checkbox"], [type="radio"]), textarea, select') === true;
  if (isSingle(key) && (singleKeys.get() === 'off' || isWriting)) return false;
  if (place === 'message') return focused?.closest('.message') != null;
  return place === 'everywhere' || !isWriting;
}

/** A dialog or a popover is open: its keys are its own. */
const isCovered = () => document.querySelector('dialog:modal, :popover-open') !== null;

function opens(name: 'switcher' | 'search' | 'shortcuts', workspaceId: string): boolean {
  showDialog(name, workspaceId);
  return true;
}

/** Goes to the next conversation of the list, in this direction, that is wanted; from the end to the beginning. */
function move(
  { store, workspaceId, route: { chatId } }: Here,
  step: 1 | -1,
  isWanted: (chat: { readonly unreadCount: number }) => boolean,
): boolean {
  const { channels, direct } = conversationsOf(
    store.chats.getSnapshot().filter((chat) => chat.workspaceId === workspaceId),
  );
  const listed = [...channels, ...direct];
  const at = listed.findIndex(({ id }) => id === chatId);
  const after = step === 1 ? listed.slice(at + 1) : listed.slice(0, Math.max(at, 0)).toReversed();
  const before = step === 1 ? listed.slice(0, Math.max(at, 0)) : listed.slice(at + 1).toReversed();
  const next = [...after, ...before].find(isWanted);
  if (next !== undefined) goTo(chatLink(next));
  return true;
}

/** Presses a button of the message that has the focus. */
function presses(focused: Element | null, selector: string): boolean {
  const button = focused?.closest('.message')?.querySelector<HTMLElement>(selector);
  button?.focus();
  button?.click();
  return button != null;
}
