import type { Config } from '../config/config.ts';
import type { Environment } from '../config/given.ts';
import { refuse } from '../errors/refusal.ts';
import { bodyText } from '../http/json-request.ts';
import type { ShellApp } from '../http/shell-env.ts';
import { createShell, type ShellOptions } from '../http/shell.ts';
import { testConfig } from './test-config.ts';
import { collectedLog } from './test-log.ts';

interface TestShell {
  readonly app: ShellApp;
  readonly config: Config;
  readonly lines: readonly Record<string, unknown>[];
}

const isSignedIn = (authorization?: string) => Promise.resolve(authorization !== undefined);
const ready = () => Promise.resolve([{ name: 'database', ok: true }]);

/** A shell with a few routes of each kind. */
export function testShell({ env = {}, ...options }: Partial<ShellOptions> & { env?: Environment } = {}): TestShell {
  const config = testConfig('server', { FECHATTER_SERVER_CORS_ORIGINS: 'https://app.example', ...env });
  const { log, lines } = collectedLog();
  const app = createShell({ config, log, ready, isSignedIn, ...options });
  app.get('/hello', (c) => c.json({ address: c.get('clientAddress'), id: c.get('requestId') }));
  app.post('/echo', async (c) => c.json({ bytes: (await c.req.arrayBuffer()).byteLength }));
  app.post('/text', async (c) => c.json({ chars: (await bodyText(c)).length }));
  app.get('/refuse', () => {
    throw refuse('rate_limited', { retryAfterMs: 4_500 });
  });
  app.get('/bug', () => {
    throw new TypeError('a secret of ours');
  });
  return { app, config, lines };
}
