import type { Block } from './nodes.ts';

/** More than this many are a text of emoji, which has its usual size. */
const EMOJI_MAX = 8;
/** An emoji may be a family of many characters. */
const CHARS_MAX = EMOJI_MAX * 32;
/** Flags, keys, and pictures with what joins and colours them. A sign such as © is an emoji only with its selector. */
const EMOJI =
  /^(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}(?=\uFE0F|\u200D|\p{Emoji_Modifier}))[\p{Extended_Pictographic}\p{Emoji_Component}]*)$/u;
const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Whether a message is a few emoji and nothing else: it is shown enlarged. */
export function isOfEmoji(blocks: readonly Block[]): boolean {
  const [block] = blocks;
  if (blocks.length !== 1 || block?.kind !== 'paragraph') return false;
  let count = 0;
  for (const node of block.children) {
    if (node.kind === 'emoji') count += 1;
    else if (node.kind !== 'text' || node.text.length > CHARS_MAX) return false;
    else {
      const found = [...characters.segment(node.text)].filter(({ segment }) => segment.trim() !== '');
      if (found.some(({ segment }) => !EMOJI.test(segment))) return false;
      count += found.length;
    }
    if (count > EMOJI_MAX) return false;
  }
  return count > 0;
}
