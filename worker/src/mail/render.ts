import type { MailText } from './text.ts';

interface Surroundings {
  readonly name: string;
  readonly language: string;
  readonly link: string | undefined;
}

/** A text as plain text and as simple HTML; each contains the link once. */
export function rendered(
  { paragraphs, link: label }: MailText,
  { name, language, link }: Surroundings,
): { readonly text: string; readonly html: string } {
  const [first = '', ...rest] = paragraphs;
  const linked = link === undefined || label === undefined ? undefined : { label, link };
  const text = [
    wrapped(first),
    ...(linked ? [`${linked.label}:\n${linked.link}`] : []),
    ...rest.map(wrapped),
    `-- \n${name}`,
  ].join('\n\n');
  const html = [
    `<!doctype html><html lang="${language}"><meta charset="utf-8"><body style="${BODY}">`,
    paragraph(first),
    ...(linked ? [`<p><a href="${escaped(linked.link)}" style="${BUTTON}">${escaped(linked.label)}</a></p>`] : []),
    ...rest.map(paragraph),
    `<p style="color:#666">${escaped(name)}</p></body></html>`,
  ].join('\n');
  return { text: `${text}\n`, html };
}

const BODY = 'font-family:sans-serif;font-size:16px;line-height:1.5;max-width:36em;margin:1em auto;padding:0 1em';
const BUTTON =
  'display:inline-block;padding:.6em 1.2em;background:#1c5fd1;color:#fff;border-radius:6px;text-decoration:none';

/** Short lines are sent unencoded. With longer ones the whole text would be encoded, and the link could not be read. */
const LINE_MAX_CHARS = 72;

const wrapped = (text: string): string => text.split('\n').map(wrappedLine).join('\n');

function wrappedLine(line: string): string {
  const lines: string[] = [];
  for (const word of line.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && longer.length <= LINE_MAX_CHARS) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}

const paragraph = (text: string): string => `<p>${text.split('\n').map(escaped).join('<br>')}</p>`;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char);
