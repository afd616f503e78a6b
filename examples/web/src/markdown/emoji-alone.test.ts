import { expect, test } from 'vitest';
import { isOfEmoji } from './emoji-alone.ts';
import { blocksOf } from './parse.ts';

const isEnlarged = (content: string) => isOfEmoji(blocksOf(content));

test.each([
  '🎉',
  '🎉 🎉',
  '👍🏽',
  '👩‍👩‍👧‍👦',
  '🇩🇪',
  '3️⃣',
  '❤️',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '🏳️‍🌈',
  ':parrot:',
  ':parrot: 🎉\n:parrot:',
  '🎉'.repeat(8),
])('%s is enlarged', (content) => expect(isEnlarged(content)).toBe(true));

test.each([
  '',
  ' ',
  'ok 🎉',
  '🎉!',
  '©',
  '5',
  '#',
  '123',
  '**🎉**',
  '> 🎉',
  '- 🎉',
  '`🎉`',
  '🎉'.repeat(9),
  'a'.repeat(8_000),
])('%s is not', (content) => expect(isEnlarged(content)).toBe(false));
