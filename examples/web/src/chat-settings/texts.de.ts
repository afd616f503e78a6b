import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  title: 'Thema, und wer schreibt',
  topic: 'Thema',
  topicHint: 'Worum es geht, in einer Zeile. Leer: keins.',
  whoPosts: 'Wer neue Nachrichten schreibt',
  whoPostsOptions: { All: 'Alle Mitglieder', Admins: 'Nur Admins und Inhaber' },
  save: 'Speichern',
  archive: 'Archivieren',
  archiveSure: 'Archivieren? Nichts Neues kann geschrieben werden.',
  unarchive: 'Aus dem Archiv zurückholen',
  isArchived: 'Diese Unterhaltung ist archiviert: Sie kann gelesen werden, Neues kann niemand schreiben.',
  onlyAdmins: 'Hier schreiben nur Admins und Inhaber dieser Unterhaltung.',
};
