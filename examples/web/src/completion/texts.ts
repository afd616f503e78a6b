import { plural } from '../texts/plural.ts';

/** The texts of completing names and emoji. */
export const texts = {
  list: 'Suggestions',
  found: (count: number) => plural(count, { one: '# suggestion', other: '# suggestions' }),
  everyone: 'everyone',
  everyoneHint: 'Notify all members',
} as const;
