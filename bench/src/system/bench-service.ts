import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@fechatter/testing/free-port';
import type { BenchDatabase } from './bench-database.ts';
import type { BenchKeys } from './bench-keys.ts';
import { type BenchProcess, benchProcess, root, untilReady } from './bench-process.ts';

export interface BenchServiceOptions {
  readonly kind: 'server' | 'notify' | 'worker';
  readonly database: BenchDatabase;
  readonly keys: BenchKeys;
  readonly folder: string;
  /** Settings besides the keys. */
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
  readonly port?: number;
}

/** One of our services as in production (`pnpm build`), except for its limits and its log. */
export interface BenchService extends BenchProcess {
  readonly port: number;
  readonly url: string;
  /** The time from the start of the process until it was ready. */
  readonly startMs: number;
}

/** Starts a service and waits until it is ready. Its output is `<folder>/<kind>.log`. */
export async function benchService(options: BenchServiceOptions): Promise<BenchService> {
  const { kind, database, keys, folder, env = {}, nodeArgs = [] } = options;
  const port = options.port ?? (await freePort());
  const production = await productionBuild(folder);
  const startedAtMs = performance.now();
  const running = benchProcess({
    entry: join(production, 'bin', `${kind}.js`),
    logFile: join(folder, `${kind}.log`),
    nodeArgs: [...productionArgs[kind], ...nodeArgs],
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
  await untilReady(`${url}/readyz`, running);
  return { ...running, port, url, startMs: performance.now() - startedAtMs };
}

/** As the images and units start them: a notify allocates little, and half of a large new space would stay unused. */
const productionArgs = { server: [], notify: ['--max-semi-space-size=4'], worker: [] } as const;

/** The production build, built again for each run of a benchmark. */
export async function productionBuild(folder: string): Promise<string> {
  const production = join(folder, 'production');
  if (!existsSync(production))
    await promisify(execFile)(process.execPath, ['--import', 'tsx', 'deploy/src/main.ts', production], { cwd: root });
  return production;
}
