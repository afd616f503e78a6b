/** Links and names between `<` and `>`; without them inside, so the time is linear. */
const MARKED = /<([^<>|\n]*)(?:\|([^<>\n]*))?>/g;
const ADDRESS = /^(?:https?:\/\/|mailto:)/i;
const UUID = /^@[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const EVERYONE = ['!everyone', '!channel', '!here'];
const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };
/** Between an escaped `<` and what follows: otherwise text that its sender has escaped could mention somebody. */
const JOINER = '\u2060';
/** A `<` that may begin a mention; at the end of a part, what follows may come from the next one. */
const OPENING = /<(?=[@!]|$)/g;

/**
 * Slack's text as content: `<url|text>` is written out as `text (url)`, `<!channel>` and `<!here>` mention everyone, and
 * `&amp;`, `&lt;` and `&gt;` are the characters that they stand for. The rest is unchanged.
 */
export function contentOfSlack(text: string): string {
  let content = '';
  let end = 0;
  for (const match of text.matchAll(MARKED)) {
    content += unescaped(text.slice(end, match.index)) + written(match[0], match[1] ?? '', match[2]);
    end = match.index + match[0].length;
  }
  return content + unescaped(text.slice(end));
}

function written(whole: string, target: string, label: string | undefined): string {
  if (EVERYONE.includes(target)) return '<!everyone>';
  if (UUID.test(target)) return `<${target}>`;
  if (!ADDRESS.test(target)) return label === undefined ? unescaped(whole) : unescaped(label);
  const url = unescaped(target.replace(/^mailto:/i, ''));
  const shown = label === undefined ? '' : unescaped(label);
  return shown === '' || shown === url ? url : `${shown} (${url})`;
}

const unescaped = (text: string): string =>
  text.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity).replace(OPENING, `<${JOINER}`);
