import { limits } from '@fechatter/contract';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit as countedBodyLimit } from 'hono/body-limit';
import { Refusal, refuse } from '../errors/refusal.ts';
import type { BytesInFlight } from './bytes-in-flight.ts';
import type { ShellContext, ShellEnv } from './shell-env.ts';

/** Throws a refusal for an invalid `Authorization` header; resolves to false if there is none. */
export type IsSignedIn = (authorization: string | undefined, address: string) => Promise<boolean>;

const tooLarge = (): never => {
  throw refuse('body_too_large');
};
/** Refuses the body of a caller who is not signed in. */
export const tooLargeUnsigned = (): never => {
  throw refuse('body_too_large', { message: 'A body of more than 4 KiB needs a token.' });
};
/**
 * If reading a body fails, the caller's connection broke. The error looks like a broken connection to the database, and
 * must not count as a failure of the service.
 */
export async function whole<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw refuse('invalid_json', { message: 'The body broke off.', cause });
  }
}
const counted = countedBodyLimit({ maxSize: limits.bodyMaxBytes, onError: tooLarge });
const countedUnsigned = countedBodyLimit({ maxSize: limits.anonymousBodyMaxBytes, onError: tooLargeUnsigned });

/**
 * Refuses bodies over 1 MiB before any other check, and bodies over 4 KiB of callers who are not signed in when they
 * are read: by the announced length without reading, or by counting the bytes if no length was announced. (Node
 * enforces an announced length.) Bodies over 4 KiB share a limited number of bytes in flight while they are received
 * and gets a response.
 */
export function bodyLimit(
  isSignedIn: IsSignedIn,
  inFlight: BytesInFlight,
  limitsItself: (c: ShellContext) => boolean,
): MiddlewareHandler<ShellEnv> {
  return async function bodyLimit(c, next) {
    const { method, headers } = c.req.raw;
    if (method === 'GET' || method === 'HEAD' || limitsItself(c)) return next();
    const length = headers.get('content-length');
    const isChunked = headers.has('transfer-encoding') || (length === null && c.env?.incoming === undefined);
    if (length === null && !isChunked) return next();
    if (!isChunked && !(Number(length) <= limits.bodyMaxBytes)) tooLarge();
    if (!isChunked && Number(length) <= limits.anonymousBodyMaxBytes) return next();
    const address = c.get('clientAddress');
    if (!(await isSignedIn(headers.get('authorization') ?? undefined, address))) {
      // Refused only when it is read: a caller who must sign in first, or uses a wrong path, gets that error instead.
      if (isChunked) return whole(() => countedUnsigned(c, next));
      c.set('isBodyTooLarge', true);
      return next();
    }
    const bytes = isChunked ? limits.bodyMaxBytes : Number(length);
    inFlight.hold(address, bytes);
    try {
      // Later middleware does not throw: it already has its response.
      return await (isChunked ? whole(() => counted(c, next)) : next());
    } finally {
      inFlight.free(address, bytes);
    }
  };
}
