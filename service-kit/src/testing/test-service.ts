import type { Config } from '../config/config.ts';
import type { ShellApp } from '../http/shell-env.ts';
import { type RunOptions, type RunningService, runService } from '../run/run-service.ts';
import { silentLog } from './test-log.ts';

/** An app that listens on a free port; `await using` stops it. */
export async function listening(
  app: Pick<ShellApp, 'fetch'>,
  config: Pick<Config, 'service' | 'http'>,
  more: Partial<RunOptions> = {},
): Promise<RunningService & AsyncDisposable> {
  const service = await runService({
    config,
    host: '127.0.0.1',
    port: 0,
    log: silentLog(),
    fetch: (request, env) => app.fetch(request, env),
    close: () => Promise.resolve(),
    ...more,
  });
  return { ...service, [Symbol.asyncDispose]: service.close };
}
