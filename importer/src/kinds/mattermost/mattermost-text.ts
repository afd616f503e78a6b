import type { TextPiece } from '../../stream.ts';

const NAME = /(?<![\w@./-])@([a-z0-9][a-z0-9._-]*)/gi;
const EVERYONE = new Set(['all', 'channel', 'here']);
/** No name is longer, in any of the systems. */
const NAME_MAX_CHARS = 128;

/** A text of Mattermost with its mentions as pieces: `@name` of a known person, `@all`, `@channel`, `@here`. */
export function mattermostText(text: string, isUser: (name: string) => boolean): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(NAME)) {
    const name = nameIn((match[1] ?? '').slice(0, NAME_MAX_CHARS).toLowerCase(), isUser);
    if (name === undefined) continue;
    pieces.push(text.slice(end, match.index), EVERYONE.has(name) ? { everyone: true } : { person: name });
    end = match.index + 1 + name.length;
  }
  pieces.push(text.slice(end));
  return pieces.filter((piece) => piece !== '');
}

/** A name may end with a dot, and so may a sentence. */
function nameIn(written: string, isUser: (name: string) => boolean): string | undefined {
  if (isUser(written)) return written;
  let length = written.length;
  while (length > 0 && '._-'.includes(written[length - 1] ?? ' ')) length--;
  const name = written.slice(0, length);
  return EVERYONE.has(name) || isUser(name) ? name : undefined;
}
