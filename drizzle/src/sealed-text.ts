/** The parts of a message that are encrypted. */
export interface MessageText {
  readonly content: string;
  /** Null for a message without data. */
  readonly data: string | null;
}

/** No content contains it, and neither does data. */
const BETWEEN = '\0';

/** The text to encrypt: the content and, after the first U+0000, the data. Without data it is the content alone. */
export const sealedText = ({ content, data }: MessageText): string =>
  data === null ? content : `${content}${BETWEEN}${data}`;

/** Splits a decrypted text. */
export function messageText(sealed: string): MessageText {
  const end = sealed.indexOf(BETWEEN);
  return end < 0 ? { content: sealed, data: null } : { content: sealed.slice(0, end), data: sealed.slice(end + 1) };
}
