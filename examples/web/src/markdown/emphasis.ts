import type { Inline } from './nodes.ts';

type Sign = '*' | '**' | '_' | '__' | '~~';
type EmphasisKind = 'strong' | 'em' | 'strike';

const KINDS: Readonly<Record<Sign, EmphasisKind>> = {
  '*': 'em',
  '**': 'strong',
  _: 'em',
  __: 'strong',
  '~~': 'strike',
};
const BRACKET = '[';
const RUN_MAX = 3;

/** Letters of a word with spaces around it: a sign between them belongs to the word, as in snake_case and 2*3*4. */
const IN_WORD = /[\p{L}\p{N}]/u;
const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const SPACE = /\s/u;
const SPACE_CODE = 32;

/** A sign that has been opened, and the index of its node. */
interface Opened {
  readonly sign: Sign | typeof BRACKET;
  readonly at: number;
}

/**
 * The parts of a paragraph, with what is between two signs inside of one part. At most one of each sign is open at a time,
 * so nothing nests deeper than their number, and each part is moved at most as often.
 */
export class Emphasis {
  readonly #text: string;
  readonly #nodes: Inline[] = [];
  #opened: Opened[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** Signs that were not closed are text. */
  nodes(): readonly Inline[] {
    return joined(this.#nodes);
  }

  add(node: Inline): void {
    this.#nodes.push(node);
  }

  addText(text: string): void {
    if (text !== '') this.#nodes.push({ kind: 'text', text });
  }

  /** Whether a bracket is open, whose text could be the label of a link. */
  get isOpen(): boolean {
    return this.#opened.some(({ sign }) => sign === BRACKET);
  }

  /** Whether this run of signs would end something that is open. */
  ends(run: string): boolean {
    return this.#opened.some(({ sign }) => sign !== BRACKET && run.startsWith(sign));
  }

  open(): void {
    this.#open(BRACKET);
  }

  /** Makes what is in the open bracket the label of a link, if the label is suitable; false: it is text. */
  close(href: string, isSuitable: (label: string) => boolean): boolean {
    const at = this.#opened.findIndex(({ sign }) => sign === BRACKET);
    const opened = this.#opened[at];
    if (opened === undefined) return false;
    const children = joined(this.#nodes.slice(opened.at + 1));
    this.#opened = this.#opened.slice(0, at);
    if (children.length === 0 || !children.every(isLabel) || !isSuitable(textOf(children))) return false;
    this.#nodes.splice(opened.at, Number.POSITIVE_INFINITY, { kind: 'link', href, children });
    return true;
  }

  /** A run of one sign, which begins at `index`: it ends what is open, and begins something with what is left. */
  addRun(index: number, run: string): void {
    const [before, after] = [charBefore(this.#text, index), charAt(this.#text, index + run.length)];
    const sign = run[0] ?? '';
    let left = run.length;
    if (left > RUN_MAX || (sign === '~' && left !== 2)) return this.addText(run);
    if (!SPACE.test(before) && (sign !== '_' && left > 1 ? true : !isInWord(after))) left = this.#end(sign, left);
    const mayBegin = !SPACE.test(after) && before !== '\\' && (sign !== '_' && left > 1 ? true : !isInWord(before));
    if (!mayBegin) return this.addText(sign.repeat(left));
    if (left >= 2) this.#open(`${sign}${sign}` as Sign);
    if (left % 2 === 1) this.#open(sign as Sign);
    return undefined;
  }

  /** Ends what is open with up to `count` signs; returns how many are left. */
  #end(sign: string, count: number): number {
    for (let left = count; ; ) {
      const at = this.#opened.findLastIndex((opened) => opened.sign[0] === sign);
      const opened = this.#opened[at];
      if (opened === undefined || opened.sign === BRACKET || opened.sign.length > left) return left;
      // What lies between is empty: two signs with nothing in between are text.
      if (opened.at === this.#nodes.length - 1) return left;
      left -= opened.sign.length;
      this.#opened = this.#opened.slice(0, at);
      const children = joined(this.#nodes.slice(opened.at + 1));
      this.#nodes.splice(opened.at, Number.POSITIVE_INFINITY, { kind: KINDS[opened.sign], children });
    }
  }

  /** Until it is closed it is text; of two that are open, the later one counts. */
  #open(sign: Opened['sign']): void {
    this.#opened = this.#opened.filter((opened) => opened.sign !== sign);
    this.#opened.push({ sign, at: this.#nodes.length });
    this.#nodes.push({ kind: 'text', text: sign });
  }
}

const isInWord = (char: string): boolean => char === '/' || (IN_WORD.test(char) && !WITHOUT_SPACES.test(char));

/** The character that begins at an index; at the end of the text a space. */
const charAt = (text: string, at: number): string => String.fromCodePoint(text.codePointAt(at) ?? SPACE_CODE);

/** The character that ends before an index. */
function charBefore(text: string, at: number): string {
  const pair = text.codePointAt(at - 2) ?? 0;
  return pair > 0xffff ? String.fromCodePoint(pair) : charAt(text, at - 1);
}

/** Neighbouring texts become one. */
function joined(nodes: readonly Inline[]): Inline[] {
  const result: Inline[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (node.kind === 'text' && last?.kind === 'text')
      result[result.length - 1] = { kind: 'text', text: last.text + node.text };
    else result.push(node);
  }
  return result;
}

/** What a label can contain: no link in a link. */
const isLabel = (node: Inline): boolean =>
  'children' in node
    ? node.kind !== 'link' && node.children.every(isLabel)
    : node.kind === 'text' || node.kind === 'code';

const textOf = (nodes: readonly Inline[]): string =>
  nodes.map((node) => ('children' in node ? textOf(node.children) : 'text' in node ? node.text : '')).join('');
