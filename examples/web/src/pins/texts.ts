import { plural } from '../texts/plural.ts';
import { translated } from '../texts/translated.ts';

/** The texts of pinned messages. */
export const texts = translated('pins', {
  pin: 'Pin',
  unpin: 'Unpin',
  pinned: 'Pinned',
  title: 'Pinned messages',
  titleOf: (chat: string) => `Pinned in ${chat}`,
  none: 'Nothing is pinned here. Pin what others should find again, by the menu of a message.',
  reading: 'Reading…',
  count: (count: number) => plural(count, { one: '# pinned message', other: '# pinned messages' }),
});
