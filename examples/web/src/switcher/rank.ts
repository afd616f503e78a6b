import { folded } from './folded.ts';

/** A name as it is compared. */
interface Compared {
  readonly whole: string;
  readonly words: readonly string[];
}

/** How well a name matches; lower is better. */
const RANK = { same: 0, begins: 1, wordsBegin: 2, initials: 3, inside: 4, letters: 5 } as const;
export const NO_MATCH = 9;
/** From this rank on, only letters were found, and no part of a word. */
export const RANK_OF_LETTERS = RANK.letters;
/** Fewer letters in any order of words are in nearly every name. */
const SCATTERED_FROM_CHARS = 3;
/** Letters that are further apart than so many times their count are not what was meant. */
const SCATTERED_MAX = 3;
const BETWEEN_WORDS = /[\s\-_./,·]+/;
/** Names are compared at each key: this many are kept. */
const KEPT_MAX = 20_000;
const kept = new Map<string, Compared>();

/** How well a name matches what was typed, folded by `folded`: its beginning, its words, its initials, then what is inside. */
export function rankOf(name: string, asked: string): number {
  const { whole, words } = comparedOf(name);
  if (whole === asked) return RANK.same;
  if (whole.startsWith(asked)) return RANK.begins;
  if (beginInOrder(words, wordsOf(asked))) return RANK.wordsBegin;
  if (words.length > 1 && asked.length > 1 && initialsOf(words).startsWith(asked)) return RANK.initials;
  if (whole.includes(asked)) return RANK.inside;
  return asked.length >= SCATTERED_FROM_CHARS ? scattered(whole, asked.replaceAll(' ', '')) : NO_MATCH;
}

/** Each asked word begins a word of the name, in their order; words between them may be left out. */
function beginInOrder(words: readonly string[], asked: readonly string[]): boolean {
  let next = 0;
  for (const word of words) {
    const wanted = asked[next];
    if (wanted === undefined) break;
    if (word.startsWith(wanted)) next += 1;
  }
  return next === asked.length;
}

/** The letters stand in the name in this order: the closer together, the better. */
function scattered(whole: string, letters: string): number {
  const first = whole.indexOf(letters.charAt(0));
  let at = first;
  for (const letter of letters.slice(1)) {
    if (at === -1) return NO_MATCH;
    at = whole.indexOf(letter, at + 1);
  }
  const across = at - first + 1;
  if (at === -1 || across > letters.length * SCATTERED_MAX) return NO_MATCH;
  return RANK.letters + 1 - letters.length / across;
}

const wordsOf = (text: string): readonly string[] => text.split(BETWEEN_WORDS).filter((word) => word !== '');
const initialsOf = (words: readonly string[]): string => words.map((word) => word.charAt(0)).join('');

function comparedOf(name: string): Compared {
  const before = kept.get(name);
  if (before !== undefined) return before;
  const whole = folded(name).trim();
  const compared = { whole, words: wordsOf(whole) };
  if (kept.size >= KEPT_MAX) kept.clear();
  kept.set(name, compared);
  return compared;
}
