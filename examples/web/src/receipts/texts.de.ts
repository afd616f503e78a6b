import { listed, plural } from '../texts/plural.ts';
import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  readers: 'Wer sie gelesen hat',
  none: 'Bisher hat sie niemand gelesen.',
  reading: 'Wird geladen …',
  seen: 'Gelesen',
  someone: 'Jemand',
  others: (count) => plural(count, { one: '# weitere Person', other: '# weitere Personen' }),
  seenBy: (names) => `Gelesen von ${listed(names)}`,
};
