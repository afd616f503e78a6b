/** A Unicode emoji as the picker shows it. */
export type EmojiRow = readonly [
  emoji: string,
  label: string,
  group: number,
  /** Names without colons, as `:tada:` is typed; the first is the usual one. */
  names: readonly string[],
  /** Further words that find it, separated by spaces. */
  words: string,
  /** The same in five skin tones, from light to dark, where there are any. */
  tones?: readonly string[],
];

/** Something to choose: a Unicode emoji, or one of the workspace's own as `:name:`. */
export interface EmojiChoice {
  /** What a reaction or a text carries. */
  readonly emoji: string;
  readonly label: string;
  readonly name: string;
}

/** An emoji in a skin tone, 1 to 5 from light to dark; 0 or without tones: as it is. */
export const tonedOf = ([emoji, , , , , tones]: EmojiRow, tone: number): string => tones?.[tone - 1] ?? emoji;

export const choiceOf = (row: EmojiRow, tone: number): EmojiChoice => ({
  emoji: tonedOf(row, tone),
  label: row[1],
  name: row[3][0] ?? row[1],
});

export const customChoice = (name: string): EmojiChoice => ({ emoji: `:${name}:`, label: name, name });
