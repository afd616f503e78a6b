import { el } from '../element.ts';

const COLOURED_MAX_CHARS = 200_000;
const TOKEN =
  /(?<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?<text>"(?:[^"\\]|\\.)*")|(?<number>-?\d[\d.eE+-]*)|(?<word>true|false|null)/g;

/** JSON with coloured syntax. */
export function jsonText(value: unknown, indent = 2): HTMLElement {
  const text = JSON.stringify(value, null, indent) ?? '';
  const node = el('code', { class: 'json' });
  if (text.length > COLOURED_MAX_CHARS) {
    node.textContent = text;
    return node;
  }
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [kind = ''] = Object.entries(match.groups ?? {}).find(([, part]) => part !== undefined) ?? [];
    node.append(text.slice(end, match.index), el('span', { class: `json-${kind}` }, match[0]));
    end = match.index + match[0].length;
  }
  node.append(text.slice(end));
  return node;
}
