/**
 * A searchable part of a text: a word, or one letter of a script that is written without spaces. `start` and `end` are
 * its offsets in UTF-16 units.
 */
export interface Unit {
  /** The normal form; units that look alike have the same. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** One letter of a script without spaces: Han, Kana, Hangul, Thai, Lao, Khmer, Myanmar. */
  readonly isLetter: boolean;
  /** Whether anything separates it from the unit before it. */
  readonly isApart: boolean;
}

/** The number of units in a message of one-letter words; a ligature of a whole phrase could expand to more. */
const UNITS_MAX = 8_000;
/**
 * The most combining marks that are read with one letter; further ones are read as separate letters, so that the cost
 * stays linear.
 */
const MARKS_MAX = 30;
/**
 * The parts that are normalised together: a decomposed Hangul syllable, half-width Kana with its mark, a letter with
 * its marks.
 */
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
/** Invisible characters, such as a soft hyphen, a joiner or a direction mark. */
const INVISIBLE = /^\p{Cf}/u;
const MARKS = /\p{M}/gu;
/** Scripts that are searched without accents; in others a mark makes a different letter. */
const ACCENTED = /^[\p{Script=Latin}\p{Script=Greek}]/u;
/** By script extensions, because the prolonged sound mark of サーバー has no script of its own. */
const WITHOUT_SPACES = new RegExp(
  ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar']
    .map((script) => String.raw`\p{Script_Extensions=${script}}`)
    .join('|'),
  'u',
);

/**
 * The units of a text, in order and in linear time. A word is a run of letters, numbers and marks, in compatibility
 * form (NFKC), in lower case independently of the locale, without accents if it is Latin or Greek. Everything else
 * separates.
 */
export function unitsOf(text: string): Unit[] {
  const units: Unit[] = [];
  let word: { text: string; start: number; end: number } | undefined;
  let isApart = true;
  const endWord = () => {
    if (word === undefined) return;
    units.push({ text: word.text, start: word.start, end: word.end, isLetter: false, isApart });
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
    if (isPlain(code) && !(next >= 0x80 && !isPlain(next))) {
      for (const piece of piecesOfPlain(code)) add(piece, at, at + 1);
      at++;
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

/** The end of the run of ASCII letters and digits from `at`, without the last one if a mark may follow it. */
function endOfAsciiWord(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && isAsciiWord(text.charCodeAt(end))) end++;
  return end > at + 1 && text.charCodeAt(end) >= 0x80 ? end - 1 : end;
}

const isAsciiWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);

/** Units of UTF-16 that are a character, and a cluster of its own where none but another of them follows. */
const PLAIN = /[^\p{M}\p{Surrogate}\u1100-\u115f\ua960-\ua97c\uff66-\uff9f]/u;
const plainness = new Uint8Array(0x1_0000);
const IS_PLAIN = 1;
const IS_OTHER = 2;
const plainPieces: (readonly Piece[] | undefined)[] = [];

function isPlain(code: number): boolean {
  if (plainness[code] === 0) plainness[code] = PLAIN.test(String.fromCharCode(code)) ? IS_PLAIN : IS_OTHER;
  return plainness[code] === IS_PLAIN;
}

const piecesOfPlain = (code: number): readonly Piece[] => (plainPieces[code] ??= piecesOf(String.fromCharCode(code)));

/** A part of a cluster's normal form. */
interface Piece {
  readonly text: string;
  /** Part of a word, a single letter, or a separator. */
  readonly kind: 'word' | 'letter' | 'between';
}

/** A cache: most clusters are a letter of an alphabet. */
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

/** The normal form of a cluster; clusters that match each other have the same. */
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
