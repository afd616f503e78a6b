import { listed, plural } from '../texts/plural.ts';
import { translated } from '../texts/translated.ts';

/** The texts of typing. */
export const texts = translated('typing', {
  typing: (names: readonly string[]) =>
    `${listed(names)} ${plural(names.length, { one: 'is typing…', other: 'are typing…' })}`,
  several: 'Several people are typing…',
  someone: 'Someone',
});
