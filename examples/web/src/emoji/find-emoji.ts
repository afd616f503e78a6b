import { choiceOf, customChoice, type EmojiChoice, type EmojiRow } from './emoji-row.ts';

/** How well an emoji matches; lower is better. */
const RANK = { exact: 0, nameBegins: 1, wordBegins: 2, tagBegins: 3, inside: 4 } as const;
const NO_MATCH = 9;

export interface FindEmojiOptions {
  readonly rows: readonly EmojiRow[];
  /** Names of the workspace's own. */
  readonly custom: Iterable<string>;
  readonly tone: number;
  readonly max: number;
}

/** The emoji whose names, labels or words contain the query, the best matches first. */
export function findEmoji(query: string, { rows, custom, tone, max }: FindEmojiOptions): readonly EmojiChoice[] {
  const asked = query.trim().toLowerCase();
  if (asked === '') return [];
  const found: { readonly rank: number; readonly choice: () => EmojiChoice }[] = [];
  for (const name of custom) {
    const rank = rankOf(asked, [name], name, '');
    if (rank < NO_MATCH) found.push({ rank, choice: () => customChoice(name) });
  }
  for (const row of rows) {
    const rank = rankOf(asked, row[3], row[1], row[4]);
    if (rank < NO_MATCH) found.push({ rank, choice: () => choiceOf(row, tone) });
  }
  return found
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, max)
    .map(({ choice }) => choice());
}

function rankOf(asked: string, names: readonly string[], label: string, words: string): number {
  if (names.includes(asked) || label.toLowerCase() === asked) return RANK.exact;
  if (names.some((name) => name.startsWith(asked))) return RANK.nameBegins;
  if (beginsWord(label.toLowerCase(), asked)) return RANK.wordBegins;
  if (beginsWord(words, asked)) return RANK.tagBegins;
  return names.some((name) => name.includes(asked)) || label.toLowerCase().includes(asked) ? RANK.inside : NO_MATCH;
}

const beginsWord = (text: string, asked: string) => text.startsWith(asked) || text.includes(` ${asked}`);
