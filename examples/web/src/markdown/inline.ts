import { endOfAddress } from './address.ts';
import { Emphasis } from './emphasis.ts';
import type { Inline } from './nodes.ts';

const ID = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}';
/** Everything that can be more than text. Each alternative reads a part of the text that no other match reads again. */
const SIGN = new RegExp(
  [
    '`(?<code>[^`\\n]+)`',
    `<@(?<person>${ID})>`,
    `<#(?<chat>${ID})>`,
    '(?<everyone><!everyone>)',
    ':(?<emoji>[a-z0-9_]{2,32}):',
    '(?<run>\\*+|_+|~+)',
    '(?<open>\\[)',
    '\\](?<close>\\()(?=https?://)',
    '(?<![\\w+])(?<scheme>https?://)',
  ].join('|'),
  'gi',
);
const SCHEME = /https?:\/\//iy;
/** A label that looks like an address would lead to another one than it shows. Browsers read `。` as a dot, too. */
const LIKE_ADDRESS = /:\/\/|[\p{L}\p{M}\p{N}](?:\.\p{L}\p{M}*\p{L}|。[a-z]{2})/iu;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const looksLikeAddress = (label: string): boolean =>
  LIKE_ADDRESS.test(label.normalize('NFKC').replaceAll(INVISIBLE, ''));

/** Splits a line or paragraph into its parts. */
export function inlinesOf(text: string): readonly Inline[] {
  const parts = new Emphasis(text);
  let end = 0;
  /** The part at this place, up to `to`. */
  const add = (from: number, to: number, node: Inline) => {
    parts.addText(text.slice(end, from));
    parts.add(node);
    SIGN.lastIndex = end = to;
  };
  SIGN.lastIndex = 0;
  for (let match = SIGN.exec(text); match !== null; match = SIGN.exec(text)) {
    const { 0: whole, index, groups: { code, person, chat, everyone, emoji, run, open, close } = {} } = match;
    const after = index + whole.length;
    if (code !== undefined) add(index, after, { kind: 'code', text: code });
    else if (person !== undefined) add(index, after, { kind: 'person', id: person.toLowerCase() });
    else if (chat !== undefined) add(index, after, { kind: 'chat', id: chat.toLowerCase() });
    else if (everyone !== undefined) add(index, after, { kind: 'everyone' });
    else if (emoji !== undefined) {
      // No emoji has capitals in its name; what ends here may begin the next one.
      if (/[A-Z]/.test(emoji)) SIGN.lastIndex = after - 1;
      else add(index, after, { kind: 'emoji', name: emoji });
    } else if (run !== undefined || open !== undefined) {
      parts.addText(text.slice(end, index));
      if (run === undefined) parts.open();
      else parts.addRun(index, run);
      end = after;
    } else if (close !== undefined) {
      const to = parts.isOpen ? endOfTarget(text, after) : undefined;
      if (to === undefined) continue;
      parts.addText(text.slice(end, index));
      const href = text.slice(after, to);
      if (parts.close(href, (label) => !looksLikeAddress(label))) SIGN.lastIndex = end = to + 1;
      else end = index;
    } else {
      const to = endOfAddress(text, after);
      if (to === undefined) continue;
      const address = text.slice(index, to);
      const signs = signsAtEnd(address);
      const shown = signs !== '' && parts.ends(signs) ? address.slice(0, -signs.length) : address;
      add(index, index + shown.length, { kind: 'link', href: shown, children: [{ kind: 'text', text: shown }] });
    }
  }
  parts.addText(text.slice(end));
  return parts.nodes();
}

/** The signs at the end of an address, which may end an emphasis around it. */
function signsAtEnd(address: string): string {
  let at = address.length;
  while ('*_~'.includes(address[at - 1] ?? ' ')) at -= 1;
  return address.slice(at);
}

/** Where the address ends that begins here, if a closing bracket follows it. */
function endOfTarget(text: string, start: number): number | undefined {
  SCHEME.lastIndex = start;
  const to = endOfAddress(text, start + (SCHEME.exec(text)?.[0].length ?? 0));
  return to !== undefined && text[to] === ')' ? to : undefined;
}
