import { rgiEmoji } from './rgi-emoji.ts';

const VARIATION_SELECTOR = /\uFE0F/g;
const bare = (emoji: string) => emoji.replace(VARIATION_SELECTOR, '');
const qualified = new Map(rgiEmoji.map((emoji) => [bare(emoji), emoji]));

/** An emoji as it is stored: fully qualified, wherever the caller put U+FE0F or left it out. Undefined for all else. */
export const emojiOf = (text: string): string | undefined => qualified.get(bare(text));
