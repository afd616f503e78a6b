import { createHash, timingSafeEqual } from 'node:crypto';
import { refuse } from '../errors/refusal.ts';
import type { ShellApp } from '../http/shell-env.ts';
import { bearerOf } from '../token/bearer.ts';
import type { Metrics } from './metrics.ts';

/**
 * Serves `/metrics` on the service's port to callers with the token; if no token is set, the path does not exist. The
 * caller's address decides nothing: behind a proxy it is always the proxy's.
 */
export function mountMetrics(app: ShellApp, metrics: Metrics, token: string | undefined): void {
  if (token === undefined) return;
  const expected = digest(token);
  app.get('/metrics', async (c) => {
    const given = bearerOf(c.req.header('authorization'));
    // Digests have the same length, so the comparison takes constant time.
    if (given === undefined || !timingSafeEqual(digest(given), expected)) throw refuse('not_signed_in');
    return c.body(await metrics.text(), 200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
  });
}

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();
