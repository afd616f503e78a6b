import { listed, plural } from '../texts/plural.ts';

const NAMED_MAX = 3;

/** The texts of typing. */
export const texts = {
  typing: (names: readonly string[]) =>
    names.length > NAMED_MAX
      ? 'Several people are typing…'
      : `${listed(names)} ${plural(names.length, { one: 'is typing…', other: 'are typing…' })}`,
  someone: 'Someone',
} as const;
