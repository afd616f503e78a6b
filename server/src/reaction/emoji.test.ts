import { expect, test } from 'vitest';
import { emojiOf } from './emoji.ts';
import { rgiEmoji } from './rgi-emoji.ts';

test('each emoji of the table is recognised, with and without its variation selectors', () => {
  expect(rgiEmoji).toHaveLength(3953);
  for (const emoji of rgiEmoji) {
    expect(emojiOf(emoji)).toBe(emoji);
    expect(emojiOf(emoji.replaceAll('\uFE0F', ''))).toBe(emoji);
  }
});

test.each([
  ['❤', '❤️'],
  ['👁‍🗨', '👁️‍🗨️'],
  ['#⃣', '#️⃣'],
  ['👍🏽', '👍🏽'],
  ['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦'],
  ['🏴󠁧󠁢󠁷󠁬󠁳󠁿', '🏴󠁧󠁢󠁷󠁬󠁳󠁿'],
])('%s is stored as %s', (given, stored) => expect(emojiOf(given)).toBe(stored));

test.each(['', ' ', 'a', '1', '👍👍', '👍 ', '\uFE0F', '🏽👍', '🇩', ':party:', '\u200D', '©a', 'x'.repeat(64)])(
  '%j is no emoji',
  (text) => expect(emojiOf(text)).toBeUndefined(),
);
