import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endWithThis } from './ended-with-this.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A process of the run: a system under test, or a load generator. It ends with the run. */
export interface BenchProcess extends AsyncDisposable {
  readonly pid: number;
  readonly child: ChildProcess;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface BenchProcessOptions {
  /** A file for Node, TypeScript or built, relative to the repository's root; or a program with its arguments. */
  readonly entry: string | { readonly program: string; readonly args: readonly string[] };
  readonly env?: Readonly<Record<string, string>>;
  /** Where its output goes. */
  readonly logFile: string;
  /** For Node, such as `--cpu-prof`. */
  readonly nodeArgs?: readonly string[];
}

const STOP_MS = 20_000;

export function benchProcess({ entry, env = {}, logFile, nodeArgs = [] }: BenchProcessOptions): BenchProcess {
  const [program, args] =
    typeof entry === 'string'
      ? [process.execPath, [...nodeArgs, ...(entry.endsWith('.ts') ? ['--import', 'tsx'] : []), entry]]
      : [entry.program, [...entry.args]];
  const child = spawn(program, args, {
    cwd: root,
    // The channel closes when this process ends, and the service then ends too.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  if (child.pid === undefined) throw new Error(`${program} could not be started`);
  // Programs such as nginx do not see the channel.
  const letGo = endWithThis(child.pid, 'SIGTERM');
  const ended = once(child, 'close');
  child.once('close', () => {
    letGo();
    log.end();
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(late);
  };
  return { pid: child.pid, child, stop, [Symbol.asyncDispose]: stop };
}

/** Resolves when `url` responds with success; throws after the deadline, and when its process has ended. */
export async function untilReady(
  url: string,
  { child }: Pick<BenchProcess, 'child'>,
  deadlineMs = 120_000,
): Promise<void> {
  const untilMs = performance.now() + deadlineMs;
  for (;;) {
    const { exitCode, signalCode, spawnfile } = child;
    if (exitCode !== null || signalCode !== null)
      throw new Error(`${spawnfile} ended with ${exitCode ?? signalCode} before ${url} was ready; see its log`);
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      if (response.ok) return;
    } catch (error) {
      if (performance.now() > untilMs) throw error;
    }
    if (performance.now() > untilMs) throw new Error(`${url} is not ready after ${deadlineMs} ms`);
    await wait(25);
  }
}
