import { codeRanges } from '../markdown/code-ranges.ts';

/** Who and what can be mentioned in a chat: ids by names, as the person sees them. */
export interface NameBook {
  readonly people: ReadonlyMap<string, string>;
  readonly chats: ReadonlyMap<string, string>;
}

export interface Named {
  readonly id: string;
  readonly name: string;
}

const SIGN = /(?<![\p{L}\p{N}_])[@#]/gu;
const MENTION = /<([@#])([\da-f-]{36})>|<!everyone>/g;
const WORD = /[\p{L}\p{N}_]/u;
const ENDS_IN_WORD = /[\p{L}\p{N}_]$/u;
export const EVERYONE = 'everyone';

/** The ids of what is named in a written text, in the form in which messages carry them: `<@id>`, `<#id>`, `<!everyone>`. */
export function withIds(text: string, book: NameBook): string {
  if (!/[@#]/.test(text)) return text;
  const names = namesIn(book);
  const code = codeRanges(text);
  let result = '';
  let end = 0;
  SIGN.lastIndex = 0;
  for (let match = SIGN.exec(text); match !== null; match = SIGN.exec(text)) {
    const { index } = match;
    if (isIn(code, index)) continue;
    const sign = match[0] === '@' ? '@' : '#';
    const name = names[sign].find((one) => isNamed(text, index + 1, one));
    if (name === undefined) continue;
    // Who is called so does not take the mentions of everyone.
    const isEveryone = sign === '@' && name === EVERYONE;
    const id = (sign === '@' ? book.people : book.chats).get(name);
    result += text.slice(end, index) + (isEveryone ? '<!everyone>' : `<${sign}${id}>`);
    SIGN.lastIndex = end = index + 1 + name.length;
  }
  return result + text.slice(end);
}

/**
 * The reverse: a message as it is edited. An id stays an id without a name of its own, and where the name would not be
 * read as that one again: in code, beside a word, or before what would make it a longer name.
 */
export function withNames(content: string, book: NameBook): string {
  const names = namesIn(book);
  const ids = { '@': reversed(book.people), '#': reversed(book.chats) };
  const code = codeRanges(content);
  let result = '';
  let end = 0;
  for (const { 0: whole, 1: sign = '@', 2: id, index } of content.matchAll(MENTION)) {
    result += content.slice(end, index);
    end = index + whole.length;
    const name = id === undefined ? EVERYONE : ids[sign === '@' ? '@' : '#'].get(id);
    const isRead =
      name !== undefined &&
      (id === undefined || sign === '#' || name !== EVERYONE) &&
      !name.includes('`') &&
      !ENDS_IN_WORD.test(result.slice(-2)) &&
      !isIn(code, index) &&
      names[sign === '@' ? '@' : '#'].find((one) => isNamed(name + content.slice(end), 0, one)) === name;
    result += isRead ? `${sign}${name}` : whole;
  }
  return result + content.slice(end);
}

/** Ids by names; a name that two have in common is left to the one that was `picked`. */
export function bookOf(named: Iterable<Named>, picked: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  const ids = new Map<string, string>();
  const common = new Set<string>();
  for (const { id, name } of named) {
    if (ids.has(name)) common.add(name);
    ids.set(name, id);
  }
  for (const name of common) {
    const id = picked.get(name);
    if (id === undefined) ids.delete(name);
    else ids.set(name, id);
  }
  return ids;
}

const namesIn = ({ people, chats }: NameBook) => ({
  '@': byLength([...people.keys(), EVERYONE]),
  '#': byLength(chats.keys()),
});
const byLength = (names: Iterable<string>) => [...names].toSorted((a, b) => b.length - a.length);
const reversed = (ids: ReadonlyMap<string, string>) => new Map([...ids].map(([name, id]) => [id, name]));

const isIn = (ranges: ReturnType<typeof codeRanges>, index: number): boolean =>
  ranges.some(([from, to]) => index >= from && index < to);

/** The name stands here, and no longer word does. */
const isNamed = (text: string, at: number, name: string): boolean =>
  text.startsWith(name, at) && !WORD.test(text.charAt(at + name.length));
