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
  const add = (piece: string, start: number, end: number) => {
    if (INVISIBLE.test(piece)) return;
    if (!IN_WORD.test(piece)) {
      endWord();
      isApart = true;
    } else if (WITHOUT_SPACES.test(piece)) {
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
      if (isAsciiWord(code)) {
        if (word === undefined) word = { text: '', start: at, end: at };
        word.text += code >= 65 && code <= 90 ? String.fromCharCode(code + 32) : text[at];
        word.end = at + 1;
      } else {
        endWord();
        isApart = true;
      }
      at++;
      continue;
    }
    CLUSTER.lastIndex = at;
    const [cluster = text.slice(at, at + 1)] = CLUSTER.exec(text) ?? [];
    const end = at + cluster.length;
    for (const [piece] of formOf(cluster).matchAll(PIECE)) add(piece, at, end);
    at = end;
  }
  endWord();
  return units;
}

const isAsciiWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);

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
