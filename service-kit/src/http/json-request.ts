import { isUtf8 } from 'node:buffer';
import { refuse } from '../errors/refusal.ts';
import { tooLargeUnsigned, whole } from './body-limit.ts';
import type { ShellContext } from './shell-env.ts';
import { isWithoutBody } from './without-body.ts';

const JSON_TYPE = /^\s*application\/json\s*(?:;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/i;

/** Whether a `Content-Type` announces JSON in UTF-8, which is JSON's default encoding. */
export function isJsonType(type: string | null | undefined): boolean {
  if (!type || !JSON_TYPE.test(type)) return false;
  const charset = CHARSET.exec(type)?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}

/** Refuses a body that is not announced as JSON in UTF-8. A request without a body needs no content type. */
export function expectJson(c: ShellContext): void {
  if (!isJsonType(c.req.raw.headers.get('content-type')) && !isWithoutBody(c)) throw refuse('unsupported_media_type');
}

/**
 * The text of a body. Bytes that are not UTF-8 are `invalid_json`: lenient decoding would replace them by U+FFFD, so
 * the stored text would differ from the sent one.
 */
export async function bodyText(c: ShellContext): Promise<string> {
  if (c.get('isBodyTooLarge')) tooLargeUnsigned();
  const bytes = Buffer.from(await whole(() => c.req.raw.arrayBuffer()));
  if (!isUtf8(bytes)) throw refuse('invalid_json', { message: 'The body is not UTF-8.' });
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return bytes.toString('utf8', hasMark ? 3 : 0);
}

/** Whether a query string is percent-encoded UTF-8: URLSearchParams would replace anything else by U+FFFD. */
export function hasUtf8Query(url: string): boolean {
  const start = url.indexOf('?');
  if (start < 0 || !url.includes('%', start)) return true;
  try {
    for (const [encoded] of url.slice(start).matchAll(/(?:%[\da-f]{2})+/gi)) decodeURIComponent(encoded);
    return true;
  } catch {
    return false;
  }
}
