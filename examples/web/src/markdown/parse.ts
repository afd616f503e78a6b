import { FENCE, fencedAt } from './code-ranges.ts';
import { inlinesOf } from './inline.ts';
import type { Block, Item } from './nodes.ts';

const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,12}|\t{0,3})(?:[-*+•]|(\d{1,9})[.)]) +(?=\S)/;
const QUOTES_MAX = 3;
const DEPTH_MAX = 3;
const SPACES_PER_DEPTH = 2;

/**
 * A message's text as it is shown: paragraphs, quotes, lists and code. The text is untrusted: it reads each character a
 * fixed number of times, throws for no text, and drops nothing but the signs that it understands.
 */
export function blocksOf(content: string): readonly Block[] {
  const blocks: Block[] = [];
  let end = 0;
  for (let fence = content.indexOf(FENCE); fence !== -1; ) {
    const code = codeAt(content, fence);
    if (code === undefined) break;
    addLines(blocks, content.slice(end, fence), 0);
    blocks.push(code.block);
    end = code.end;
    fence = content.indexOf(FENCE, end);
  }
  addLines(blocks, content.slice(end), 0);
  return blocks;
}

/** The lines between two fences, without the language and the line breaks beside the fences; undefined if it is not closed. */
function codeAt(content: string, fence: number): { readonly block: Block; readonly end: number } | undefined {
  const fenced = fencedAt(content, fence);
  if (fenced === undefined) return undefined;
  const { language, start, close } = fenced;
  const text = content.slice(start, close).replace(/\n$/, '');
  const after = close + FENCE.length;
  return { block: { kind: 'code', text, language }, end: content[after] === '\n' ? after + 1 : after };
}

/** Lines of the same kind are one block. */
function addLines(blocks: Block[], text: string, quotes: number): void {
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; ) {
    const kind = kindOf(lines[at] ?? '', quotes);
    let end = at + 1;
    while (end < lines.length && kindOf(lines[end] ?? '', quotes) === kind) end += 1;
    const own = lines.slice(at, end);
    // What stands between two blocks, or after the last one.
    if (own.length > 1 || own[0] !== '') blocks.push(blockOf(kind, own, quotes));
    at = end;
  }
}

type LinesKind = 'paragraph' | 'quote' | 'list';

const kindOf = (line: string, quotes: number): LinesKind =>
  quotes < QUOTES_MAX && QUOTE.test(line) ? 'quote' : ITEM.test(line) ? 'list' : 'paragraph';

function blockOf(kind: LinesKind, lines: readonly string[], quotes: number): Block {
  switch (kind) {
    case 'quote': {
      const blocks: Block[] = [];
      addLines(blocks, lines.map((line) => line.replace(QUOTE, '')).join('\n'), quotes + 1);
      return { kind, blocks };
    }
    case 'list':
      return { kind, items: lines.map(itemOf) };
    case 'paragraph':
      return { kind, children: inlinesOf(lines.join('\n')) };
    default:
      return kind satisfies never;
  }
}

function itemOf(line: string): Item {
  const [whole = '', indent = '', number] = ITEM.exec(line) ?? [];
  const depth = indent.startsWith('\t') ? indent.length : Math.floor(indent.length / SPACES_PER_DEPTH);
  return {
    depth: Math.min(depth, DEPTH_MAX),
    number: number === undefined ? undefined : Number(number),
    children: inlinesOf(line.slice(whole.length)),
  };
}
