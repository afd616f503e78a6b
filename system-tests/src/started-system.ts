import { freePort } from '@fechatter/testing/free-port';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@fechatter/testing/until';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The whole system as `start` runs it, in its own process tree. */
export interface StartedSystem extends AsyncDisposable {
  readonly serverUrl: string;
  readonly notifyUrl: string;
  readonly dataDir: string;
  readonly launcher: ChildProcess;
  /** All its output. */
  readonly output: () => string;
  pidOf(part: 'server' | 'notify' | 'worker' | 'postgres'): Promise<number>;
  /** Sends SIGINT, as Ctrl-C does; resolves with the exit code. */
  interrupt(): Promise<number | null>;
}

export interface SystemPlace {
  readonly dataDir: string;
  readonly serverPort: number;
  readonly notifyPort: number;
  readonly workerPort: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A data folder and free ports for a system that may be started more than once. */
export async function systemPlace(): Promise<SystemPlace & AsyncDisposable> {
  const dataDir = await mkdtemp(join(tmpdir(), 'fechatter-system-'));
  return {
    dataDir,
    serverPort: await freePort(),
    notifyPort: await freePort(),
    workerPort: await freePort(),
    [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true, force: true }),
  };
}

/** Spawns the launcher; does not wait. */
export function spawnLauncher({ dataDir, serverPort, notifyPort, workerPort, env }: SystemPlace): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', 'launcher/src/main.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      FECHATTER_DATA_DIR: dataDir,
      FECHATTER_SERVER_PORT: String(serverPort),
      FECHATTER_NOTIFY_PORT: String(notifyPort),
      FECHATTER_WORKER_PORT: String(workerPort),
      ...env,
    },
  });
}

/** Starts the system and waits until it reports that it is ready. */
export async function startSystem(place: SystemPlace): Promise<StartedSystem> {
  const launcher = spawnLauncher(place);
  let printed = '';
  launcher.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  launcher.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const closed = once(launcher, 'close');
  await until(
    () => {
      if (launcher.exitCode !== null) throw new Error(printed);
      return printed.includes('Fechatter is ready');
    },
    'the system is ready',
    180_000,
  );
  return {
    serverUrl: `http://127.0.0.1:${place.serverPort}`,
    notifyUrl: `http://127.0.0.1:${place.notifyPort}`,
    dataDir: place.dataDir,
    launcher,
    output: () => printed,
    pidOf: (part) => pidOf(part, launcher.pid ?? 0, place.dataDir),
    async interrupt() {
      launcher.kill('SIGINT');
      await closed;
      return launcher.exitCode;
    },
    async [Symbol.asyncDispose]() {
      if (launcher.exitCode === null && launcher.signalCode === null) launcher.kill('SIGINT');
      await closed;
    },
  };
}

async function pidOf(part: string, launcherPid: number, dataDir: string): Promise<number> {
  if (part === 'postgres') {
    const [pid = ''] = (await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n');
    return Number(pid);
  }
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const [status, command] = await Promise.all([
      readFile(`/proc/${entry}/status`, 'utf8').catch(() => ''),
      readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => ''),
    ]);
    if (status.includes(`\nPPid:\t${launcherPid}\n`) && command.includes(`${part}/src/main.ts`)) return Number(entry);
  }
  throw new Error(`${part} does not run`);
}
