import { parseUrl } from './parse-url.ts';

/** RFC 5321: a local part without quotes. */
const DOT_ATOM = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const LOCAL_MAX_CHARS = 64;
/** At least two labels of letters, digits and hyphens; the last one is not a number. */
const DOMAIN = /^(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?!\d+$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;
/** Characters that would end the host of a URL, and that no domain has. */
const NO_LETTER = /[\0-,/:-@[-`{-\x7f]/;

/** A domain in ASCII: an internationalised one in its IDNA form (`xn--…`). */
function asciiDomain(domain: string): string {
  const isAscii = !/[^\0-\x7f]/.test(domain);
  if (isAscii || NO_LETTER.test(domain)) return domain;
  return parseUrl(`http://${domain}`)?.hostname ?? domain;
}

/**
 * An address with its domain in ASCII, so that both forms of a domain are the same address; other text stays unchanged.
 */
export function addressForm(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? address : `${address.slice(0, at)}@${asciiDomain(address.slice(at + 1))}`;
}

/** Whether a text is an address in that form: a dot-atom of at most 64 characters, and a domain with a dot. */
export function isAddress(address: string): boolean {
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, Math.max(0, at)), address.slice(at + 1)];
  if (local.length > LOCAL_MAX_CHARS || !DOT_ATOM.test(local) || !DOMAIN.test(domain)) return false;
  // A label that claims to be IDNA must be valid IDNA.
  return !/(?:^|\.)xn--/i.test(domain) || parseUrl(`http://${domain}`) !== undefined;
}
