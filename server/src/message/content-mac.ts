import type { Config } from '@fechatter/service-kit';
import { createHmac, hkdfSync } from 'node:crypto';

type Auth = Config<'server'>['auth'];
const keys = new WeakMap<Auth, Buffer>();

/**
 * Distinguishes a repeat from a reused clientId, even if the first content was edited or deleted. The ids have 36
 * characters each, so no field can be confused with another.
 */
export function contentMac(
  auth: Auth,
  about: {
    readonly chatId: string;
    readonly senderId: string;
    readonly clientId: string;
    readonly content: string;
    readonly threadId?: string | undefined;
    readonly quotedId?: string | undefined;
    readonly fileIds?: readonly string[] | undefined;
    readonly data?: string | undefined;
  },
): Buffer {
  const { chatId, senderId, clientId, content, threadId, quotedId, fileIds = [], data } = about;
  const mac = createHmac('sha256', keyOf(auth)).update(`${chatId}${senderId}${clientId}${content}`, 'utf8');
  // U+0000, which no text contains, ends the content, so no other content has the same bytes.
  if (quotedId !== undefined || fileIds.length > 0 || data !== undefined)
    // A list in JSON is unambiguous, and begins unlike any id.
    mac.update(`\0${JSON.stringify([threadId ?? null, quotedId ?? null, fileIds, data ?? null])}`, 'utf8');
  else if (threadId !== undefined) mac.update(`\0${threadId}`, 'utf8');
  return mac.digest();
}

function keyOf(auth: Auth): Buffer {
  let key = keys.get(auth);
  if (key === undefined) {
    key = Buffer.from(hkdfSync('sha256', auth.secret, '', 'fechatter.first-content', 32));
    keys.set(auth, key);
  }
  return key;
}
