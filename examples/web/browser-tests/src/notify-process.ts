import { builtService } from '@fechatter/testing/built-service';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

/** notify in its own process, so that it can be killed as by power cuts and out-of-memory killers. */
export interface NotifyProcess extends AsyncDisposable {
  readonly url: string;
  /** Kills it (SIGKILL); resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
}

const READY_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** Starts it with these settings and waits until it is ready. */
export async function startNotifyProcess(port: number, env: Readonly<NodeJS.ProcessEnv>): Promise<NotifyProcess> {
  const url = `http://127.0.0.1:${port}`;
  const script = await builtService('notify');
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const deadline = AbortSignal.timeout(READY_MS);
    while (!(await isReady(url))) await wait(LOOK_EVERY_MS, undefined, { signal: deadline });
  };
  const end = async (signal: NodeJS.Signals) => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  await start();
  return { url, start, kill: () => end('SIGKILL'), [Symbol.asyncDispose]: () => end('SIGTERM') };
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/readyz`).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.status === 200;
}
