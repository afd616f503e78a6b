import { plural } from '../texts/plural.ts';
import { translated } from '../texts/translated.ts';

/** The texts of completing names and emoji. */
export const texts = translated('completion', {
  list: 'Suggestions',
  found: (count: number) => plural(count, { one: '# suggestion', other: '# suggestions' }),
  everyone: 'everyone',
  everyoneHint: 'Notify all members',
});
