import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  save: 'Für später merken',
  unsave: 'Nicht mehr merken',
  saved: 'Gemerkt',
  title: 'Gemerkte Nachrichten',
  none: 'Du hast dir nichts gemerkt. Merke dir über das Menü einer Nachricht, was du wiederfinden willst; nur du siehst es.',
  more: 'Mehr anzeigen',
};
