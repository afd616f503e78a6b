import { rgiEmoji } from './rgi-emoji.ts';

const VARIATION_SELECTOR = /\uFE0F/g;
const bare = (emoji: string) => emoji.replace(VARIATION_SELECTOR, '');
const qualified = new Map(rgiEmoji.map((emoji) => [bare(emoji), emoji]));

/** An emoji in its stored form: fully qualified, with or without U+FE0F in the input. Undefined for any other text. */
export const emojiOf = (text: string): string | undefined => qualified.get(bare(text));

const CUSTOM = /^:[a-z0-9_]{2,32}:$/;

/**
 * What a reaction is stored as: an emoji, or `:name:` of one of the workspace's own, which react_held() looks for. Undefined for
 * any other text.
 */
export const reactionOf = (text: string): string | undefined => emojiOf(text) ?? (CUSTOM.test(text) ? text : undefined);
