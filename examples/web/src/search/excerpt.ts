/** A part of an excerpt. */
export interface ExcerptPart {
  readonly text: string;
  readonly isMatch: boolean;
}

const BEFORE_CHARS = 60;
const EXCERPT_CHARS = 300;

/** The text around the first match of a message, in parts; the whole text if it is short. */
export function excerptOf(content: string, ranges: readonly (readonly number[])[]): ExcerptPart[] {
  const from = wholeAt(content, Math.max(0, (ranges[0]?.[0] ?? 0) - BEFORE_CHARS));
  const to = wholeAt(content, Math.min(content.length, from + EXCERPT_CHARS));
  const parts: ExcerptPart[] = [];
  const add = (start: number, end: number, isMatch: boolean) => {
    if (end > start) parts.push({ text: content.slice(start, end), isMatch });
  };
  let at = from;
  for (const [start = 0, end = 0] of ranges) {
    if (start >= to) break;
    add(at, start, false);
    add(Math.max(at, start), Math.min(end, to), true);
    at = Math.max(at, Math.min(end, to));
  }
  add(at, to, false);
  return [
    ...(from > 0 ? [{ text: '… ', isMatch: false }] : []),
    ...parts,
    ...(to < content.length ? [{ text: ' …', isMatch: false }] : []),
  ];
}

/** Not in the middle of a pair of surrogates. */
function wholeAt(content: string, at: number): number {
  const code = content.charCodeAt(at);
  return at > 0 && code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
