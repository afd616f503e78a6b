import type { TestDatabase } from '@fechatter/drizzle/testing';
import { testEnvironment } from '@fechatter/service-kit/testing';
import { builtService } from '@fechatter/testing/built-service';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A service in its own process, as an operator starts it. */
export interface ServiceProcess extends AsyncDisposable {
  readonly url: string;
  readonly output: () => string;
  /** Ends it as a power cut does. */
  readonly kill: () => Promise<void>;
}

type Settings = Readonly<Record<string, string>>;

async function spawnService(name: 'server' | 'notify', settings: Settings) {
  const child = spawn(process.execPath, [await builtService(name)], {
    env: { PATH: process.env.PATH, ...testEnvironment, FECHATTER_LOG_LEVEL: 'info', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const read = (chunk: Buffer) => void (output += chunk.toString());
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  return { child, output: () => output };
}

/** Starts a service over a database and waits until it listens. */
export async function serviceProcess(
  name: 'server' | 'notify',
  database: TestDatabase,
  settings: Settings = {},
): Promise<ServiceProcess> {
  const env = { FECHATTER_DATABASE_URL: database.url, FECHATTER_DATABASE_MIGRATE: 'false', ...settings };
  const { child, output } = await spawnService(name, env);
  const ended = once(child, 'exit');
  const listening = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const url = /"url":"(http[^"]+)"/.exec(output())?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', () => reject(new Error(`${name} ended: ${output()}`)));
  });
  return {
    url: await listening,
    output,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Starts a service that is expected to fail; returns its exit code and output. */
export async function refusedStart(
  name: 'server' | 'notify',
  settings: Settings,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const { child, output } = await spawnService(name, settings);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output() };
}
