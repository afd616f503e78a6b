import { texts } from './texts.ts';

/** Enough of a message for a line or two. */
const PLAIN_MAX_CHARS = 280;
const MENTION = /<([@#])([\da-f-]{36})>|<!everyone>/g;
/** A mention that was cut. */
const CUT = /<[@#!][^>\s]*$/;

/** What people and chats are called; undefined where that is not known. */
export interface NamesById {
  readonly person: (id: string) => string | undefined;
  readonly chat: (id: string) => string | undefined;
}

/** The beginning of a message as one line of text, with names instead of ids. */
export function plainOf(content: string, names: NamesById, maxChars = PLAIN_MAX_CHARS): string {
  const isLong = content.length > maxChars * 2;
  const beginning = isLong ? content.slice(0, maxChars * 2).replace(CUT, '') : content;
  const named = beginning.replaceAll(MENTION, (_, sign?: '@' | '#', id = '') =>
    sign === undefined ? texts.everyone : sign === '@' ? texts.person(names.person(id)) : chatOf(names.chat(id)),
  );
  const line = named.replaceAll(/\s+/g, ' ').trim();
  return isLong || line.length > maxChars ? `${line.slice(0, maxChars).toWellFormed()}…` : line;
}

const chatOf = (name: string | undefined) => (name === undefined ? texts.unknownChat : texts.chat(name));
