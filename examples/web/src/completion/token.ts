/** What is being typed at the caret that can be completed. */
export interface Token {
  readonly kind: 'person' | 'chat' | 'emoji';
  /** What follows the sign. */
  readonly query: string;
  /** Where the sign stands. */
  readonly from: number;
}

const KINDS = { '@': 'person', '#': 'chat', ':': 'emoji' } as const;
/** A name has at most one space while it is typed: what follows is the next sentence. */
const NAME = /(?:^|[\s([{"'“„«])([@#])([^\s@#:`]{0,40}(?: [^\s@#:`]{1,40})?)$/u;
const EMOJI = /(?:^|[^\w:]):([a-z0-9_+-]{2,32})$/iu;
const LOOKED_AT_CHARS = 90;

/** What can be completed before the caret; undefined if there is nothing. */
export function tokenAt(text: string, caret: number): Token | undefined {
  const before = text.slice(Math.max(0, caret - LOOKED_AT_CHARS), caret);
  const [, sign, name] = NAME.exec(before) ?? [];
  if ((sign === '@' || sign === '#') && name !== undefined)
    return { kind: KINDS[sign], query: name, from: caret - name.length - 1 };
  const [, emoji] = EMOJI.exec(before) ?? [];
  return emoji === undefined ? undefined : { kind: 'emoji', query: emoji, from: caret - emoji.length - 1 };
}
