import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  title: 'Tastenkürzel',
  or: 'oder',
  keys: {
    Control: 'Strg',
    Shift: 'Umschalt',
    Meta: '⌘',
    ArrowUp: '↑',
    ArrowDown: '↓',
    Escape: 'Esc',
  },
  places: {
    everywhere: 'Überall',
    outside: 'Außerhalb von Textfeldern',
    message: 'Auf einer Nachricht, die den Fokus hat',
    empty: 'In einer leeren Nachricht',
  },
  names: {
    switcher: 'Zu einer Person, Unterhaltung oder Aktion gehen',
    search: 'Nachrichten suchen',
    previous: 'Vorige Unterhaltung',
    next: 'Nächste Unterhaltung',
    previousUnread: 'Vorige ungelesene Unterhaltung',
    nextUnread: 'Nächste ungelesene Unterhaltung',
    close: 'Den Thread schließen, sonst die Unterhaltung als gelesen markieren',
    markAllRead: 'Alles als gelesen markieren',
    shortcuts: 'Diese Liste',
    edit: 'Bearbeiten',
    react: 'Reagieren',
    thread: 'Im Thread antworten',
    editLast: 'Deine letzte Nachricht bearbeiten',
  },
  single: 'Kürzel aus einer einzigen Taste',
  singleHint: 'Schalte sie aus, wenn du mit deinem Computer sprichst oder versehentlich Tasten drückst.',
};
