/** Control characters, line separators, and marks that change the direction of text. */
const UNRULY = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
/** The same, except for what JSON escapes itself or has between its values. */
const UNRULY_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * A text as one line for a terminal: characters that could end the line, move the cursor or change the direction of
 * text are escaped, so that a name cannot forge a row.
 */
export const terminalLine = (text: string): string => text.replace(UNRULY, escaped);

/** JSON for a terminal: the same value, with control characters escaped. */
export const terminalJson = (json: string): string => json.replace(UNRULY_IN_JSON, escaped);
