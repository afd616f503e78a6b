import { EmojiName } from '@fechatter/contract';
import { emojiOf } from '@fechatter/server';

const SHORTCODE = /^:([^:\s]+):$/;

/** The name that an emoji of the source has here: `party-parrot` becomes `party_parrot`. Undefined: it can have none. */
export const emojiNameOf = (key: string): string | undefined =>
  EmojiName.safeParse(key.toLowerCase().replaceAll(/[-.+' ]/g, '_')).data;

/** What a reaction is stored as: an emoji, or `:name:` of a custom one, also if its picture does not come. */
export function reactionNamed(text: string): string | undefined {
  const name = emojiNameOf(SHORTCODE.exec(text)?.[1] ?? '');
  return emojiOf(text) ?? (name && `:${name}:`);
}
