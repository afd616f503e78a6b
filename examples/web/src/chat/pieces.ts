export interface Piece {
  readonly kind: 'words' | 'link' | 'code' | 'block';
  readonly text: string;
}

const MARKED = /```(?:\w*\n)?([^]+?)\n?```\n?|`([^`\n]+)`|(https?:\/\/[^\s<>"'`]+)/gi;

/** Takes a message's text apart. Whatever is not surely a link or code is words. */
export function piecesOf(content: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const add = (kind: Piece['kind'], text: string) => void (text !== '' && pieces.push({ kind, text }));
  let end = 0;
  for (const { 0: whole, 1: block, 2: code, 3: address, index } of content.matchAll(MARKED)) {
    const link = address === undefined ? undefined : withoutPunctuation(address);
    if (link !== undefined && !isWebAddress(link)) continue;
    add('words', content.slice(end, index));
    if (block !== undefined) add('block', block);
    else if (code !== undefined) add('code', code);
    else add('link', link ?? '');
    end = index + (link ?? whole).length;
  }
  add('words', content.slice(end));
  return pieces;
}

/** A sentence's end is no part of the address in it, nor is a bracket that was opened before. */
function withoutPunctuation(address: string): string {
  let link = address.replace(/[.,;:!?]+$/, '');
  while (link.endsWith(')') && link.split('(').length < link.split(')').length)
    link = link.slice(0, -1).replace(/[.,;:!?]+$/, '');
  return link;
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
