/** Letters, numbers and pictures: what a label of a host begins and ends with. */
const LETTER = String.raw`[\p{L}\p{M}\p{N}\p{So}]`;
const LABEL = String.raw`${LETTER}(?:[\p{L}\p{M}\p{N}\p{So}\u200c\u200d_-]*${LETTER})?`;
const AUTHORITY = new RegExp(
  String.raw`(?:[\w.~%+-]+(?::[\w.~%+!$&*=-]*)?@)?(?<host>\[[\da-f:.]+\]|${LABEL}(?:\.${LABEL})*)(?<port>:\d{1,5}(?!\d))?`,
  'iuy',
);
/**
 * A last label that continues in another script is followed by words without a space: no top-level domain mixes
 * scripts.
 */
const LABEL_BEFORE_WORDS = /^[a-z][a-z\d-]*(?=(?!\p{Script=Latin})[\p{L}\p{So}])/iu;
/** DNS allows no more; and the cost of reading a host grows with the square of its length. */
const HOST_MAX_CHARS = 253;

const OPENING = '([{（［「『【〈《〔';
const CLOSING = ')]}）］」』】〉》〕';
/**
 * Never part of an address: spaces, invisible and direction characters, and punctuation that ends a sentence without a
 * space.
 */
const NEVER = String.raw`\p{Z}\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb<>\\\u0060｜“”„‟«»、。，；：！？｡､`;
/** Part of an address only if more of the address follows. */
const SENTENCE_END = String.raw`.,:;!?…·،؛؟۔।`;
const QUOTE = `"'’‘`;
const PLAIN = new RegExp(String.raw`[^${NEVER}${SENTENCE_END}${QUOTE}()[\]{}（）［］「」『』【】〈〉《》〔〕]+`, 'uy');
const ENDS = new RegExp(`[${SENTENCE_END}]+`, 'uy');
const QUOTED = /(?<![\p{L}\p{N}])(["'])[\p{L}\p{N}_-]+\1/uy;
const APOSTROPHE = /['’](?=[\p{L}\p{N}-])/uy;

/**
 * Where the web address ends whose `http://` or `https://` ends at `start`; undefined if there is no address. It reads
 * each character a fixed number of times, for any text.
 */
export function endOfAddress(text: string, start: number): number | undefined {
  AUTHORITY.lastIndex = start;
  const { 0: whole, groups } = AUTHORITY.exec(text) ?? {};
  const host = groups?.['host'];
  if (whole === undefined || host === undefined || host.length > HOST_MAX_CHARS) return undefined;
  const lastLabel = host.lastIndexOf('.') + 1;
  const [beforeWords] = LABEL_BEFORE_WORDS.exec(host.slice(lastLabel)) ?? [];
  const authority =
    beforeWords === undefined ? whole : whole.slice(0, whole.lastIndexOf(host) + lastLabel + beforeWords.length);
  if (!isUrl(`https://${authority}`)) return undefined;
  const end = start + authority.length;
  if (beforeWords !== undefined) return end;
  const next = text[end];
  if (next === '/' || next === '?' || next === '#') return endOfPath(text, end);
  return next === '_' || next === '-' ? undefined : end;
}

function endOfPath(text: string, start: number): number {
  /** Open brackets, each with the end of the address if it is never closed. */
  const open: { readonly closing: string | undefined; readonly end: number }[] = [];
  let end = start;
  for (let at = start; at < text.length; ) {
    const sign = text[at] ?? '';
    const plain = lengthOf(PLAIN, text, at) || lengthOf(QUOTED, text, at) || lengthOf(APOSTROPHE, text, at);
    if (plain > 0) {
      end = at += plain;
    } else if (OPENING.includes(sign)) {
      open.push({ closing: CLOSING[OPENING.indexOf(sign)], end });
      at += 1;
    } else if (CLOSING.includes(sign)) {
      if (open.at(-1)?.closing !== sign) break;
      open.pop();
      end = at += 1;
    } else {
      const ends = lengthOf(ENDS, text, at);
      // Inside a bracket that may stay open, no address is read that would be read again on its own.
      if (ends === 0 || (open.length > 0 && text.startsWith('://', at))) break;
      at += ends;
    }
  }
  return open[0]?.end ?? end;
}

/** The length of the sticky `pattern`'s match at this index; 0 if there is none. */
function lengthOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** Not `URL.canParse`: in Node 20 it refuses some letters, once it is compiled. */
function isUrl(text: string): boolean {
  try {
    return new URL(text).href !== '';
  } catch {
    return false;
  }
}
