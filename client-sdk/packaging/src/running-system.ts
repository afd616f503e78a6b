import { freePort } from '@fechatter/testing/free-port';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sdkDir } from './paths.ts';

/** The whole system as `pnpm start` runs it, with a data folder and ports of its own. */
export interface RunningSystem {
  readonly serverUrl: string;
  readonly notifyUrl: string;
  stop(): Promise<void>;
}

const READY_MS = 90_000;

export async function startSystem(): Promise<RunningSystem> {
  const dataDir = await mkdtemp(join(tmpdir(), 'fechatter-system-'));
  const [serverPort, notifyPort, workerPort] = [await freePort(), await freePort(), await freePort()];
  const launcher = spawn(process.execPath, ['--import', 'tsx', 'launcher/src/main.ts'], {
    cwd: join(sdkDir, '..'),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      FECHATTER_DATA_DIR: dataDir,
      FECHATTER_SERVER_PORT: String(serverPort),
      FECHATTER_NOTIFY_PORT: String(notifyPort),
      FECHATTER_WORKER_PORT: String(workerPort),
      FECHATTER_SERVER_CORS_ORIGINS: '*',
    },
  });
  const closed = once(launcher, 'close');
  const stop = async () => {
    if (launcher.exitCode === null) launcher.kill('SIGINT');
    await closed;
    await rm(dataDir, { recursive: true, force: true });
  };
  let printed = '';
  const ready = new Promise<void>((resolve, reject) => {
    const fail = () => reject(new Error(`the system did not start:\n${printed}`));
    const late = setTimeout(fail, READY_MS);
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      if (!printed.includes('Fechatter is ready')) return;
      clearTimeout(late);
      resolve();
    };
    launcher.stdout.on('data', read);
    launcher.stderr.on('data', read);
    launcher.once('close', fail);
  });
  try {
    await ready;
  } catch (error) {
    await stop();
    throw error;
  }
  return { serverUrl: `http://127.0.0.1:${serverPort}`, notifyUrl: `http://127.0.0.1:${notifyPort}`, stop };
}
