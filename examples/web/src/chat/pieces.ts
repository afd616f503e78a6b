import { endOfAddress } from './address.ts';

export interface Piece {
  readonly kind: 'words' | 'link' | 'code' | 'block';
  readonly text: string;
}

const FENCE = '```';
const MARK = /```|`|(?<![\w+])https?:\/\//gi;
const CODE = /`([^`\n]+)`/y;
const LANGUAGE = /\w*\n/y;

/** Splits a message's text into links, code and words. The text is untrusted, so the time is linear in its length. */
export function piecesOf(content: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  const add = (kind: Piece['kind'], text: string, from: number, to: number) => {
    if (from > end) pieces.push({ kind: 'words', text: content.slice(end, from) });
    pieces.push({ kind, text });
    MARK.lastIndex = end = to;
  };
  /** False once no fence follows: then it is not searched again. */
  let hasFence = true;
  MARK.lastIndex = 0;
  for (let mark = MARK.exec(content); mark !== null; mark = MARK.exec(content)) {
    const { 0: sign, index } = mark;
    if (sign === FENCE) {
      const block: Block | undefined = hasFence ? blockAt(content, index) : undefined;
      hasFence = block !== undefined;
      if (block === undefined) MARK.lastIndex = index + 1;
      else add('block', block.text, index, block.end);
    } else if (sign === '`') {
      CODE.lastIndex = index;
      const [whole = '', code = ''] = CODE.exec(content) ?? [];
      if (whole !== '') add('code', code, index, index + whole.length);
    } else {
      const to = endOfAddress(content, index + sign.length);
      if (to !== undefined) add('link', content.slice(index, to), index, to);
    }
  }
  if (end < content.length) pieces.push({ kind: 'words', text: content.slice(end) });
  return pieces;
}

interface Block {
  readonly text: string;
  readonly end: number;
}

/** The lines between two fences, without the language and the line breaks beside the fences. */
function blockAt(content: string, index: number): Block | undefined {
  LANGUAGE.lastIndex = index + FENCE.length;
  const start = index + FENCE.length + (LANGUAGE.exec(content)?.[0].length ?? 0);
  const close = content.indexOf(FENCE, start + 1);
  if (close === -1) return undefined;
  const after = close + FENCE.length;
  const text = content.slice(start, close).replace(/\n$/, '');
  return { text, end: content[after] === '\n' ? after + 1 : after };
}
