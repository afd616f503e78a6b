import type { ShortcutName, ShortcutPlace } from './keys-of.ts';
import { translated } from '../texts/translated.ts';

/** Keys as they are shown; others are shown by their names. */
const keyNames: Readonly<Record<string, string>> = {
  Control: 'Ctrl',
  Meta: '⌘',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/** The texts of the shortcuts. */
export const texts = translated('shortcuts', {
  title: 'Keyboard shortcuts',
  or: 'or',
  keys: keyNames,
  places: {
    everywhere: 'Everywhere',
    outside: 'Outside of text fields',
    message: 'On a message that has the focus',
    empty: 'In an empty message',
  } satisfies Record<ShortcutPlace, string>,
  names: {
    switcher: 'Go to a person, a conversation or an action',
    search: 'Search messages',
    previous: 'Previous conversation',
    next: 'Next conversation',
    previousUnread: 'Previous unread conversation',
    nextUnread: 'Next unread conversation',
    close: 'Close the thread; otherwise mark the conversation as read',
    markAllRead: 'Mark everything as read',
    shortcuts: 'This list',
    edit: 'Edit it',
    react: 'Add a reaction',
    thread: 'Reply in its thread',
    editLast: 'Edit your last message',
  } satisfies Record<ShortcutName, string>,
  single: 'Shortcuts of a single key',
  singleHint: 'Switch them off if you speak to your computer, or press keys by accident.',
});
