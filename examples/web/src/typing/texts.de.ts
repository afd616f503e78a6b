import { listed, plural } from '../texts/plural.ts';
import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  typing: (names) => `${listed(names)} ${plural(names.length, { one: 'schreibt …', other: 'schreiben …' })}`,
  several: 'Mehrere Personen schreiben …',
  someone: 'Jemand',
};
