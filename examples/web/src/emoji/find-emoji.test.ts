import { expect, test } from 'vitest';
import type { EmojiRow } from './emoji-row.ts';
import { findEmoji } from './find-emoji.ts';

const rows: readonly EmojiRow[] = [
  ['😀', 'grinning face', 0, ['grinning'], 'happy smile'],
  ['👍️', 'thumbs up', 1, ['+1', 'thumbsup'], 'yes like', ['👍🏻', '👍🏼', '👍🏽', '👍🏾', '👍🏿']],
  ['🎉', 'party popper', 6, ['tada'], 'celebrate party'],
  ['🥳', 'partying face', 0, ['partying_face'], 'birthday'],
];
const found = (query: string, tone = 0, max = 10) =>
  findEmoji(query, { rows, custom: ['party_parrot', 'shipit'], tone, max }).map(({ emoji }) => emoji);

test.each([
  ['tada', ['🎉']],
  ['+1', ['👍️']],
  ['LIKE', ['👍️']],
  ['party', [':party_parrot:', '🥳', '🎉']],
  ['ship', [':shipit:']],
  ['  ', []],
  ['nothing like this', []],
])('%s finds %j', (query, emoji) => expect(found(query)).toEqual(emoji));

test('an emoji that has tones comes in the chosen one, and others as they are', () => {
  expect(found('thumbs', 3)).toEqual(['👍🏽']);
  expect(found('grinning', 3)).toEqual(['😀']);
});

test('no more are found than asked for', () => expect(found('a', 0, 2)).toHaveLength(2));
