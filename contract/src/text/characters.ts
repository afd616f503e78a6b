/**
 * A visible character: not white space, a control or a character that Unicode tells renderers to ignore, and not one of
 * the few whose glyph is blank (the empty braille pattern, the null note head).
 */
const SEEN =
  /[^\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufff9-\ufffb\u{13430}-\u{1343f}\u{1d159}]/u;

/** Well-formed Unicode: without a lone surrogate, which no encoding can carry. */
export const isWellFormed = (text: string): boolean => text.isWellFormed();
/** Text that Postgres and JSON carry unchanged. */
export const isStorable = (text: string): boolean => isWellFormed(text) && !text.includes('\0');
/** Whether a text has a visible character. */
export const isVisible = (text: string): boolean => SEEN.test(text);

/** Controls, line and paragraph separators, and directional overrides, which affect all text after them. */
const UNRULY = /[\p{Cc}\u2028\u2029\u202a-\u202e]/u;

/**
 * Whether a text stays on one line and does not affect the text beside it. Isolates (U+2066 to U+2069) and marks are
 * allowed: names with two directions need them.
 */
export const isOneLine = (text: string): boolean => !UNRULY.test(text);
/** The same for a text of several lines: it may have newlines and tabs. */
export const isPlain = (text: string): boolean => isOneLine(text.replaceAll(/[\t\n\r]/g, ''));
