import type { TextPiece } from '../../stream.ts';

/** What a text may refer to. */
export interface SlackNames {
  readonly channelName: (id: string) => string | undefined;
}

const ENTITY = /<([^<>]+)>/g;

/**
 * A text of Slack without its escapes: mentions as pieces of their own, channels and groups by their names, links as
 * they were seen.
 */
export function slackText(text: string, names: SlackNames): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(ENTITY)) {
    pieces.push(unescaped(text.slice(end, match.index)), pieceOf(match[1] ?? '', names));
    end = match.index + match[0].length;
  }
  pieces.push(unescaped(text.slice(end)));
  return pieces.filter((piece) => piece !== '');
}

function pieceOf(inner: string, { channelName }: SlackNames): TextPiece {
  const bar = inner.indexOf('|');
  const [target, label] = bar < 0 ? [inner, ''] : [inner.slice(0, bar), unescaped(inner.slice(bar + 1))];
  const rest = target.slice(1);
  if (target.startsWith('@')) return rest === '' ? `<${inner}>` : { person: rest };
  if (target.startsWith('#')) return `#${label || (channelName(rest) ?? 'unknown-channel')}`;
  if (target.startsWith('!')) return specialOf(rest, label);
  const url = unescaped(target);
  const isSame =
    label === '' || url === label || url === `mailto:${label}` || url.replace(/^https?:\/\//, '') === label;
  if (isSame) return url.startsWith('mailto:') ? url.slice('mailto:'.length) : url;
  return `${label} (${url})`;
}

function specialOf(name: string, label: string): TextPiece {
  if (name === 'everyone' || name === 'channel' || name === 'here') return { everyone: true };
  if (name.startsWith('subteam^')) return label.startsWith('@') ? label : `@${label || 'group'}`;
  return label || `<!${name}>`;
}

/** The only three escapes. */
const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
