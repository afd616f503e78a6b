import { join } from 'node:path';
import type { BenchDatabase } from './bench-database.ts';
import type { BenchKeys } from './bench-keys.ts';
import { type BenchProcess, benchProcess, untilAnswers } from './bench-process.ts';
import { freePort } from './free-port.ts';

export interface BenchServiceOptions {
  readonly kind: 'server' | 'notify';
  readonly database: BenchDatabase;
  readonly keys: BenchKeys;
  readonly folder: string;
  /** Settings beside those of the keys. */
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
  readonly port?: number;
}

/** One of our services, as it runs in production, but for its limits and its log. */
export interface BenchService extends BenchProcess {
  readonly port: number;
  readonly url: string;
  /** From the start of the process until it was ready. */
  readonly startMs: number;
}

/** Starts a service and waits until it is ready. Its output is `<folder>/<kind>.log`. */
export async function benchService(options: BenchServiceOptions): Promise<BenchService> {
  const { kind, database, keys, folder, env = {}, nodeArgs = [] } = options;
  const port = options.port ?? (await freePort());
  const startedAtMs = performance.now();
  const running = benchProcess({
    entry: `${kind}/src/main.ts`,
    logFile: join(folder, `${kind}.log`),
    nodeArgs,
    env: {
      NODE_ENV: 'production',
      FECHATTER_DATABASE_URL: database.urlFor(kind),
      [`FECHATTER_${kind.toUpperCase()}_PORT`]: String(port),
      ...keys.env,
      ...(kind === 'server' && keys.serverEnv),
      ...env,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/readyz`);
  return { ...running, port, url, startMs: performance.now() - startedAtMs };
}
