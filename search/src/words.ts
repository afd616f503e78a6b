/**
 * A part of a text that is found as a whole: a word, or one letter of a script that is written without spaces. `start`
 * and `end` are its place in the text, in UTF-16 units.
 */
export interface Unit {
  /** Its normal form: two that look alike have the same. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** One letter of a script without spaces: Han, Kana, Hangul, Thai, Lao, Khmer, Myanmar. */
  readonly isLetter: boolean;
  /** Whether something stands between it and the unit before it. */
  readonly isApart: boolean;
}

/** As many as a message of one-letter words could have: a ligature of a whole phrase may grow to more. */
const UNITS_MAX = 8_000;
/** Marks that one letter is read with; further ones are read as letters of their own, so that the cost stays linear. */
const MARKS_MAX = 30;
/** What is normalised together: a Hangul syllable in parts, half-width Kana with its mark, a letter with its marks. */
const CLUSTER = new RegExp(
  [
    String.raw`[\u1100-\u115f\ua960-\ua97c]{1,3}[\u1160-\u11a7\ud7b0-\ud7c6]{0,3}[\u11a8-\u11ff\ud7cb-\ud7fb]{0,3}`,
    String.raw`[\uff66-\uff9d][\uff9e\uff9f]`,
    String.raw`\P{M}\p{M}{0,${MARKS_MAX}}`,
    String.raw`\p{M}{1,${MARKS_MAX}}`,
  ].join('|'),
  'suy',
);
const PIECE = /\P{M}\p{M}*|\p{M}+/gsu;
const IN_WORD = /^[\p{L}\p{N}\p{M}]/u;
/** Invisible: a soft hyphen, a joiner, a direction. */
const INVISIBLE = /^\p{Cf}/u;
const MARKS = /\p{M}/gu;
/** These are searched without their accents; in other scripts a mark makes another letter. */
const ACCENTED = /^[\p{Script=Latin}\p{Script=Greek}]/u;
/** By extension, for the prolonged sound mark of サーバー belongs to no script of its own. */
const WITHOUT_SPACES = new RegExp(
  ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar']
    .map((script) => String.raw`\p{Script_Extensions=${script}}`)
    .join('|'),
  'u',
);

/**
 * The units of a text, in order and in linear time. A word is a run of letters, numbers and marks, in its compatibility
 * form (NFKC), in lower case whatever the locale, without accents if it is Latin or Greek. Everything else separates.
 */
export function unitsOf(text: string): Unit[] {
  const units: Unit[] = [];
  let word: { text: string; start: number; end: number } | undefined;
  let isApart = true;
  const endWord = () => {
    if (word === undefined) return;
    units.push({ ...word, isLetter: false, isApart });
    word = undefined;
    isApart = false;
  };
  const add = ({ text: piece, kind }: Piece, start: number, end: number) => {
    if (kind === 'between') {
      endWord();
      isApart = true;
    } else if (kind === 'letter') {
      endWord();
      units.push({ text: piece, start, end, isLetter: true, isApart });
      isApart = false;
    } else if (word === undefined) word = { text: piece, start, end };
    else {
      word.text += piece;
      word.end = end;
    }
  };
  for (let at = 0; at < text.length && units.length < UNITS_MAX; ) {
    const code = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (code < 0x80 && !(next >= 0x80)) {
      const end = isAsciiWord(code) ? endOfAsciiWord(text, at) : at + 1;
      if (isAsciiWord(code)) add({ text: text.slice(at, end).toLowerCase(), kind: 'word' }, at, end);
      else add(BETWEEN, at, end);
      at = end;
      continue;
    }
    CLUSTER.lastIndex = at;
    const [cluster = text.slice(at, at + 1)] = CLUSTER.exec(text) ?? [];
    const end = at + cluster.length;
    for (const piece of piecesOf(cluster)) add(piece, at, end);
    at = end;
  }
  endWord();
  return units;
}

const BETWEEN: Piece = { text: '', kind: 'between' };

/** The end of the ASCII letters and digits from here on, less the last one if a mark may follow it. */
function endOfAsciiWord(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && isAsciiWord(text.charCodeAt(end))) end++;
  return end > at + 1 && text.charCodeAt(end) >= 0x80 ? end - 1 : end;
}

const isAsciiWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);

/** A part of a cluster's form. */
interface Piece {
  readonly text: string;
  /** In a word, a letter by itself, or nothing of a word. */
  readonly kind: 'word' | 'letter' | 'between';
}

/** Most clusters are a letter of somebody's alphabet: it is looked at once. */
const knownPieces = new Map<string, readonly Piece[]>();
const KNOWN_MAX = 10_000;
const KNOWN_CHARS_MAX = 8;

function piecesOf(cluster: string): readonly Piece[] {
  const known = knownPieces.get(cluster);
  if (known !== undefined) return known;
  const pieces = Array.from(formOf(cluster).matchAll(PIECE), ([text]) => text)
    .filter((text) => !INVISIBLE.test(text))
    .map((text) => ({ text, kind: kindOf(text) }));
  if (cluster.length > KNOWN_CHARS_MAX) return pieces;
  if (knownPieces.size >= KNOWN_MAX) knownPieces.clear();
  knownPieces.set(cluster, pieces);
  return pieces;
}

function kindOf(piece: string): Piece['kind'] {
  if (!IN_WORD.test(piece)) return 'between';
  return WITHOUT_SPACES.test(piece) ? 'letter' : 'word';
}

/** Two clusters that are to be found by each other have the same form. */
function formOf(cluster: string): string {
  const decomposed = cluster
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll('ς', 'σ')
    .replaceAll('ß', 'ss');
  if (ACCENTED.test(decomposed)) return decomposed.replaceAll(MARKS, '');
  return decomposed.normalize('NFC');
}
