import type { Block, Inline, Item } from './nodes.ts';

/** A message that is longer than this is folded … */
const LINES_MAX = 24;
const CHARS_MAX = 2_000;
/** … to this many lines, so that unfolding shows more than a line or two. */
const FOLDED_LINES = 16;
const FOLDED_CHARS = 1_400;
/** What a name or a picture counts, whose length is not known. */
const NAME_CHARS = 10;

/** How much of a folded message is hidden. */
export interface Folded {
  readonly blocks: readonly Block[];
  readonly hiddenLines: number;
  readonly hiddenChars: number;
}

/** The beginning of a long message, so that no message fills the screen; undefined for a short one. */
export function foldedOf(blocks: readonly Block[]): Folded | undefined {
  const whole = new Room(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  cutBlocks(blocks, whole);
  if (whole.lines <= LINES_MAX && whole.chars <= CHARS_MAX) return undefined;
  const room = new Room(FOLDED_LINES, FOLDED_CHARS);
  const shown = cutBlocks(blocks, room);
  return { blocks: shown, hiddenLines: whole.lines - room.lines, hiddenChars: whole.chars - room.chars };
}

/** Counts what has been taken, up to its maximum. */
class Room {
  readonly #linesMax: number;
  readonly #charsMax: number;
  lines = 0;
  chars = 0;
  isFull = false;

  constructor(linesMax: number, charsMax: number) {
    this.#linesMax = linesMax;
    this.#charsMax = charsMax;
  }

  /** Begins a line; false if there is no room for it. */
  line(): boolean {
    if (this.isFull || this.lines >= this.#linesMax) this.isFull = true;
    else this.lines += 1;
    return !this.isFull;
  }

  /** The beginning of a text that there is room for, without splitting a surrogate pair. */
  take(text: string): string {
    let end = Math.min(text.length, this.#charsMax - this.chars);
    for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1))
      if (!this.line()) end = at;
    if (end < text.length) this.isFull = true;
    const part = text.slice(0, end);
    const taken = part.isWellFormed() || !text.isWellFormed() ? part : part.slice(0, -1);
    this.chars += taken.length;
    return taken;
  }

  has(chars: number): boolean {
    return this.chars + chars <= this.#charsMax;
  }
}

function cutBlocks(blocks: readonly Block[], room: Room): readonly Block[] {
  const shown: Block[] = [];
  for (const block of blocks) {
    if (block.kind !== 'quote' && block.kind !== 'list' && !room.line()) break;
    if (room.isFull) break;
    shown.push(cutBlock(block, room));
  }
  return shown;
}

function cutBlock(block: Block, room: Room): Block {
  switch (block.kind) {
    case 'paragraph':
      return { ...block, children: cutInlines(block.children, room) };
    case 'code':
      return { ...block, text: room.take(block.text), whole: block.text };
    case 'quote':
      return { ...block, blocks: cutBlocks(block.blocks, room) };
    case 'list': {
      const items: Item[] = [];
      for (const item of block.items) {
        if (!room.line()) break;
        items.push({ ...item, children: cutInlines(item.children, room) });
      }
      return { ...block, items };
    }
    default:
      return block satisfies never;
  }
}

function cutInlines(nodes: readonly Inline[], room: Room): readonly Inline[] {
  const shown: Inline[] = [];
  for (const node of nodes) {
    if (room.isFull) break;
    // A link that is cut would lead elsewhere.
    if (node.kind === 'link' && !room.has(charsOf(node.children))) room.isFull = true;
    else if ('children' in node) shown.push({ ...node, children: cutInlines(node.children, room) });
    else if ('text' in node) shown.push({ ...node, text: room.take(node.text) });
    else if (room.take(' '.repeat(NAME_CHARS)).length === NAME_CHARS) shown.push(node);
  }
  return shown;
}

const charsOf = (nodes: readonly Inline[]): number =>
  nodes.reduce(
    (sum, node) => sum + ('children' in node ? charsOf(node.children) : 'text' in node ? node.text.length : NAME_CHARS),
    0,
  );
