import { Content, limits, Name, Topic } from '@fechatter/contract';

// What other systems allow in a text and Fechatter does not.

const NUL = '\0';
const NOT_ONE_LINE = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/** A text that can be stored: well-formed, without NUL. */
export const storable = (text: string): string => text.toWellFormed().replaceAll(NUL, '');

/** A text on one line, cut to `max` code units. */
export const lineOf = (text: string, max: number): string =>
  cutAt(storable(text).replace(NOT_ONE_LINE, ' ').trim(), max);

/** A name for a person or chat, cut to the limit; `fallback` if there is nothing to see. */
export function nameOf(text: string, fallback: string): string {
  const line = lineOf(text, limits.nameMaxChars);
  return Name.safeParse(line).success ? line : fallback;
}

/** A topic, cut to the limit; null if there is nothing to see. */
export function topicOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const line = lineOf(text, limits.topicMaxChars);
  return Topic.safeParse(line).success ? line : null;
}

export const isVisible = (text: string): boolean =>
  text !== '' && Content.safeParse(text.slice(0, limits.contentMaxChars)).success;

/** The text in parts of at most 8,000 code units: cut at a line or a space if there is one, never within a character or mention. */
export function partsOf(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > limits.contentMaxChars) {
    const end = cutBefore(rest, limits.contentMaxChars);
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  parts.push(rest);
  return parts;
}

const MENTION_CHARS = '<@00000000-0000-0000-0000-000000000000>'.length;

function cutBefore(text: string, max: number): number {
  const near = text.slice(max - max / 4, max);
  const gap = Math.max(near.lastIndexOf('\n'), near.lastIndexOf(' '));
  if (gap >= 0) return max - max / 4 + gap + 1;
  const open = text.lastIndexOf('<@', max - 1);
  if (open > max - MENTION_CHARS && open > 0) return open;
  return cutAt(text, max).length;
}

/** The first code units, without half of a character. */
function cutAt(text: string, max: number): string {
  const cut = text.slice(0, max);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
