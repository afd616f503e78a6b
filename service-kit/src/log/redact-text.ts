const HIDDEN = '[redacted]';

const secretInQuery = /([?&](?:[\w-]{0,20}?(?:ticket|token|password|secret)|connectionParams)=)[^&#\s"']*/gi;
const bearerToken = /\b(Bearer\s+)[\w.~+/=-]+/gi;
const jwt = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;
/** Keys of bots, and of other apps' servers. */
const key = /\bfc[ks]_[\w-]+/g;
/** The secret in the address of an incoming webhook. */
const hook = /(\/hooks\/[^\s/?#"']{1,64}\/)[^\s/?#"']+/gi;
const urlPassword = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]*:)[^\s/@]+@/gi;
/** A quick check: most texts cannot match any pattern. */
const maybeSecret = /[?&]|bearer|eyJ|fc[ks]_|:\/\/|\/hooks\//i;

/** A text without the tickets, tokens and passwords of URLs and headers in it. */
export function redactText(text: string): string {
  if (!maybeSecret.test(text)) return text;
  return text
    .replace(secretInQuery, `$1${HIDDEN}`)
    .replace(bearerToken, `$1${HIDDEN}`)
    .replace(jwt, HIDDEN)
    .replace(key, HIDDEN)
    .replace(hook, `$1${HIDDEN}`)
    .replace(urlPassword, `$1${HIDDEN}@`);
}
