import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  changed: 'Dein Passwort ist geändert',
  changedHint: 'Alle Geräte sind abgemeldet. Melde dich mit dem neuen Passwort an.',
  signIn: 'Anmelden',
  choose: 'Neues Passwort wählen',
  change: 'Ändern',
  newPassword: 'Neues Passwort',
  hint: 'Mindestens 8 Zeichen. Alle Geräte werden abgemeldet.',
  thanks: 'Danke',
  confirmed: 'Deine E-Mail-Adresse ist bestätigt.',
  goOn: 'Weiter',
  isYours: 'Ist das deine Adresse?',
  isYoursHint: 'Du hast den Link in unserer E-Mail geöffnet. Bestätige, dass die Adresse, an die sie ging, deine ist.',
  confirm: 'Bestätigen',
};
