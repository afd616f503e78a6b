import { plural } from '../texts/plural.ts';
import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  list: 'Vorschläge',
  found: (count) => plural(count, { one: '# Vorschlag', other: '# Vorschläge' }),
  everyone: 'alle',
  everyoneHint: 'Alle Mitglieder benachrichtigen',
};
