const HIDDEN = '[redacted]';

const secretInQuery = /([?&](?:[\w-]{0,20}?(?:ticket|token|password|secret)|connectionParams)=)[^&#\s"']*/gi;
const bearerToken = /\b(Bearer\s+)[\w.~+/=-]+/gi;
const jwt = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;
const urlPassword = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]*:)[^\s/@]+@/gi;
/** Most texts have nothing that any of them could find. */
const maybeSecret = /[?&]|bearer|eyJ|:\/\//i;

/** A text without the tickets, tokens and passwords that URLs and headers in it carry. */
export function redactText(text: string): string {
  if (!maybeSecret.test(text)) return text;
  return text
    .replace(secretInQuery, `$1${HIDDEN}`)
    .replace(bearerToken, `$1${HIDDEN}`)
    .replace(jwt, HIDDEN)
    .replace(urlPassword, `$1${HIDDEN}@`);
}
