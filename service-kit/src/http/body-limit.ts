import { limits } from '@fechatter/contract';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit as countedBodyLimit } from 'hono/body-limit';
import { refuse } from '../errors/refusal.ts';
import type { ShellEnv } from './shell-env.ts';

function tooLarge(): never {
  throw refuse('body_too_large');
}

const counted = countedBodyLimit({ maxSize: limits.bodyMaxBytes, onError: tooLarge });

/**
 * Refuses bodies over 1 MiB before anything else is judged: by their announced length without touching them, by
 * counting what arrives where none was announced. (Node holds a client to the length that it announced.)
 */
export const bodyLimit: MiddlewareHandler<ShellEnv> = async function bodyLimit(c, next) {
  const { method, headers } = c.req.raw;
  if (method === 'GET' || method === 'HEAD') return next();
  if (headers.has('transfer-encoding')) return counted(c, next);
  const length = headers.get('content-length');
  if (length === null) return c.env?.incoming ? next() : counted(c, next);
  if (!(Number(length) <= limits.bodyMaxBytes)) tooLarge();
  return next();
};
