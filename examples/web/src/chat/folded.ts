import type { Piece } from './pieces.ts';

/** A message that is longer than this is folded … */
const LINES_MAX = 24;
const CHARS_MAX = 2_000;
/** … to this many lines, so that unfolding shows more than a line or two. */
const FOLDED_LINES = 16;
const FOLDED_CHARS = 1_400;

/** How much of a folded message is hidden; undefined if all of it is shown. */
export interface Folded {
  readonly pieces: readonly Piece[];
  readonly hiddenLines: number;
  readonly hiddenChars: number;
}

/** The beginning of a long message, so that no message fills the screen; undefined for a short one. */
export function foldedOf(pieces: readonly Piece[]): Folded | undefined {
  const [chars, breaks] = [charsOf(pieces), breaksOf(pieces)];
  if (breaks < LINES_MAX && chars <= CHARS_MAX) return undefined;
  const shown: Piece[] = [];
  let [charsLeft, breaksLeft] = [FOLDED_CHARS, FOLDED_LINES - 1];
  for (const { kind, text } of pieces) {
    const part = beginningOf(text, charsLeft, breaksLeft);
    // A link that is cut would lead elsewhere.
    if (part.length < text.length && kind === 'link') break;
    if (part !== '') shown.push({ kind, text: part });
    if (part.length < text.length) break;
    charsLeft -= text.length;
    breaksLeft -= breaksIn(text);
  }
  return { pieces: shown, hiddenChars: chars - charsOf(shown), hiddenLines: breaks - breaksOf(shown) };
}

const charsOf = (pieces: readonly Piece[]) => pieces.reduce((sum, { text }) => sum + text.length, 0);
const breaksOf = (pieces: readonly Piece[]) => pieces.reduce((sum, { text }) => sum + breaksIn(text), 0);

function breaksIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** At most this many characters and line breaks, without splitting a surrogate pair. */
function beginningOf(text: string, chars: number, breaks: number): string {
  let end = Math.min(text.length, chars);
  for (let at = text.indexOf('\n'), seen = 0; at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    seen += 1;
    if (seen > breaks) end = at;
  }
  return text.slice(0, end).toWellFormed() === text.slice(0, end) ? text.slice(0, end) : text.slice(0, end - 1);
}
