export const FENCE = '```';
const LANGUAGE = /(\w*)\n/y;
const CODE = /`[^`\n]+`/g;

/** Code between two fences. */
export interface Fenced {
  readonly language: string;
  /** Where the code begins, behind the language. */
  readonly start: number;
  /** Where the closing fence stands. */
  readonly close: number;
}

/** What the fence at this index begins; undefined if it is not closed. */
export function fencedAt(text: string, fence: number): Fenced | undefined {
  LANGUAGE.lastIndex = fence + FENCE.length;
  const [whole = '', language = ''] = LANGUAGE.exec(text) ?? [];
  const start = fence + FENCE.length + whole.length;
  const close = text.indexOf(FENCE, start + 1);
  return close === -1 ? undefined : { language, start, close };
}

/** Where a text has code, as the parser sees it: pairs of the first index and the one after the last. */
export function codeRanges(text: string): readonly (readonly [from: number, to: number])[] {
  const ranges: [number, number][] = [];
  let end = 0;
  const addInline = (to: number) => {
    for (const { 0: code, index } of text.slice(end, to).matchAll(CODE))
      ranges.push([end + index, end + index + code.length]);
  };
  for (let fence = text.indexOf(FENCE); fence !== -1; fence = text.indexOf(FENCE, end)) {
    const fenced = fencedAt(text, fence);
    if (fenced === undefined) break;
    addInline(fence);
    end = fenced.close + FENCE.length;
    ranges.push([fence, end]);
  }
  addInline(text.length);
  return ranges;
}
