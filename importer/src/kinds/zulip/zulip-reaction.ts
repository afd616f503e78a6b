import { type Fields, textIn } from '../lenient.ts';

const NAME_MAX_CHARS = 100;

/** The emoji of a reaction. Unicode emoji are given by their code points: `1f44d`, `1f1e9-1f1ea`. */
export function zulipReaction(reaction: Fields): string {
  const code = textIn(reaction, 'emoji_code') ?? '';
  if (reaction.reaction_type !== 'unicode_emoji' || !/^[0-9a-f]{2,6}(-[0-9a-f]{2,6}){0,9}$/.test(code))
    return `:${textIn(reaction, 'emoji_name')?.slice(0, NAME_MAX_CHARS) ?? 'emoji'}:`;
  const points = code.split('-').map((point) => Number.parseInt(point, 16));
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : ':emoji:';
}
