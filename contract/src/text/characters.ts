/**
 * A character that shows something: no white space, no control, nothing that Unicode has renderers ignore, and none of
 * the few that are blank by their form alone (the empty braille pattern, a note head for nothing).
 */
const SEEN =
  /[^\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufff9-\ufffb\u{13430}-\u{1343f}\u{1d159}]/u;

/** Well-formed Unicode: no half of a surrogate pair, which no encoding carries. */
export const isWellFormed = (text: string): boolean => text.isWellFormed();
/** Text that Postgres and JSON carry unchanged. */
export const isStorable = (text: string): boolean => isWellFormed(text) && !text.includes('\0');
/** Whether anything of a text can be seen. */
export const isVisible = (text: string): boolean => SEEN.test(text);

/** Controls, the line and paragraph separators, and what turns the direction of all that follows. */
const UNRULY = /[\p{Cc}\u2028\u2029\u202a-\u202e]/u;

/**
 * Whether a text stays on its line and leaves what stands beside it as it is. Isolates (U+2066 to U+2069) and marks may
 * be in it: names of two directions need them.
 */
export const isOneLine = (text: string): boolean => !UNRULY.test(text);
/** The same for a text of several lines: newlines and tabs may be in it. */
export const isPlain = (text: string): boolean => isOneLine(text.replaceAll(/[\t\n\r]/g, ''));
