import { listed, plural } from '../texts/plural.ts';
import { translated } from '../texts/translated.ts';

/** The texts of receipts. */
export const texts = translated('receipts', {
  readers: 'Who has read it',
  none: 'Nobody has read it yet.',
  reading: 'Reading…',
  seen: 'Seen',
  someone: 'Someone',
  others: (count: number) => plural(count, { one: '# other', other: '# others' }),
  seenBy: (names: readonly string[]) => `Seen by ${listed(names)}`,
});
