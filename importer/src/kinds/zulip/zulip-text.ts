import type { TextPiece } from '../../stream.ts';

const MENTION = /@(_?)\*\*([^*|]+)(?:\|(\d+))?\*\*|#\*\*([^*]+)\*\*/g;
const EVERYONE = new Set(['all', 'everyone', 'channel', 'stream', 'topic']);

/** Links to files are written as the names of these: the files themselves are at the message. */
const UPLOAD = /\[([^\]\n]{0,255})\]\(\/user_uploads\/[^)\s]{1,1000}\)/g;
export const withoutUploads = (text: string): string => text.replace(UPLOAD, '$1');

/**
 * A text of Zulip with its mentions as pieces: `@**Name**` and `@**Name|id**` of a known person. Silent mentions
 * (`@_**Name**`) become names, channels and topics (`#**channel>topic**`) their names.
 */
export function zulipText(text: string, personOf: PersonOf): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(MENTION)) {
    pieces.push(text.slice(end, match.index), pieceOf(match, personOf));
    end = match.index + match[0].length;
  }
  pieces.push(text.slice(end));
  return pieces.filter((piece) => piece !== '');
}

/** The key of a person by their name, or by the id that tells apart people of one name. */
type PersonOf = (name: string, id: string | undefined) => string | undefined;

function pieceOf([, silent = '', name = '', id, channel]: RegExpMatchArray, personOf: PersonOf): TextPiece {
  if (channel !== undefined) return `#${channel}`;
  if (EVERYONE.has(name)) return { everyone: true };
  const person = personOf(name, id);
  return person === undefined || silent !== '' ? `@${name}` : { person };
}
