import { plural } from '../texts/plural.ts';
import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  title: 'Kanäle durchsuchen',
  find: 'Kanal suchen',
  members: (count) => plural(count, { one: '# Mitglied', other: '# Mitglieder' }),
  archived: 'archiviert',
  open: 'Öffnen',
  join: 'Beitreten',
  openName: (name) => `${name} öffnen`,
  joinName: (name) => `${name} beitreten`,
  none: 'Es gibt keinen.',
};
