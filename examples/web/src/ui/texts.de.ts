import { numberText } from '../texts/plural.ts';
import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  close: 'Schließen',
  showMore: 'Mehr anzeigen',
  tooLong: ({ max, length }) => `Höchstens ${numberText(max)} Zeichen; das sind ${numberText(length)}.`,
  unexplained: 'Der Dienst ist zurzeit nicht erreichbar. Bitte versuche es noch einmal.',
  partMissing: 'Dieser Teil der Seite konnte nicht geladen werden.',
  loadAgain: 'Seite neu laden',
  copyRefused: 'Dein Browser erlaubt das nicht: Markiere den Text und kopiere ihn.',
  copied: 'Kopiert',
  shownOnce: (label) => `${label} – wird nur jetzt angezeigt`,
  roles: { Guest: 'Gast', Member: 'Mitglied', Admin: 'Admin', Owner: 'Inhaber' },
};
