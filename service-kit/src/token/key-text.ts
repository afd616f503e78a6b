import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** `fck`: the key of a bot. `fcs`: the key of another app's server. */
export type KeyKind = 'fck' | 'fcs';

const SECRET_BYTES = 32;
const SECRET_CHARS = 43;
const CHECK_CHARS = 6;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const form = new RegExp(`^(fck|fcs)_([0-9a-f]{32})_([0-9A-Za-z]{${SECRET_CHARS}})([0-9A-Za-z]{${CHECK_CHARS}})$`);

/**
 * A new key, `<kind>_<id>_<secret><checksum>`: 256 random bits in base 62, and a CRC-32 of what is before it, so that
 * secret scanners can find a key with few false alarms. To be shown once; only its hash is stored.
 */
export function newKeyText(kind: KeyKind, id: string): string {
  const secret = base62(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), SECRET_CHARS);
  const unchecked = `${kind}_${id.replaceAll('-', '')}_${secret}`;
  return unchecked + checksum(unchecked);
}

/** The id in a key of this kind; undefined for a text that is none, by its form and checksum alone. */
export function idOfKey(kind: KeyKind, text: string): string | undefined {
  const [, found, id, secret, check] = form.exec(text) ?? [];
  if (found !== kind || id === undefined || check !== checksum(`${kind}_${id}_${secret}`)) return undefined;
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Whether a bearer's token is meant to be a key of this kind. */
export const isMeantAsKey = (kind: KeyKind, token: string | undefined): token is string =>
  token?.startsWith(`${kind}_`) === true;

const checksum = (text: string): string => base62(BigInt(crc32(text)), CHECK_CHARS);

function base62(value: bigint, chars: number): string {
  let text = '';
  for (let rest = value; text.length < chars; rest /= 62n) text = DIGITS.charAt(Number(rest % 62n)) + text;
  return text;
}
