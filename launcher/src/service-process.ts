import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { LogFile } from './log-file.ts';

export interface ServiceOptions {
  readonly name: 'server' | 'notify' | 'worker';
  /** The service's main.ts. */
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: LogFile;
  readonly print: (line: string) => void;
  /** Called when the service ended before it was ever ready. */
  readonly onHopeless: (lastWords: string) => void;
}

/** A service that is restarted whenever it ends, until it is stopped. */
export interface ServiceProcess {
  readonly name: string;
  readonly pid: number | undefined;
  /** After this call the service is restarted when it ends; before, its end means that it cannot be started. */
  markReady(): void;
  stop(): Promise<void>;
}

const RESTART_FIRST_MS = 200;
const RESTART_MAX_MS = 5_000;
const STEADY_MS = 10_000;
const STOP_MS = 15_000;
const LAST_WORDS_MAX_CHARS = 4_000;

/** Starts a service in its own process. When this process ends, the IPC channel closes and the service ends too. */
export function keepService({ name, entry, env, log, print, onHopeless }: ServiceOptions): ServiceProcess {
  const stopped = new AbortController();
  let child: ChildProcess | undefined;
  let wasReady = false;

  const runOnce = async (): Promise<string> => {
    let lastWords = '';
    child = spawn(process.execPath, ['--import', 'tsx', entry], {
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    child.stdout?.on('data', (chunk: Buffer) => log.write(chunk));
    child.stderr?.on('data', (chunk: Buffer) => {
      log.write(chunk);
      lastWords = (lastWords + chunk.toString()).slice(-LAST_WORDS_MAX_CHARS);
    });
    child.on('error', (error) => {
      lastWords += error.message;
    });
    await once(child, 'close').catch(() => {});
    return lastWords.trim();
  };

  const running = (async () => {
    let pauseMs = RESTART_FIRST_MS;
    while (!stopped.signal.aborted) {
      const startedAt = performance.now();
      const lastWords = await runOnce();
      if (stopped.signal.aborted) return;
      if (!wasReady) return onHopeless(lastWords);
      if (performance.now() - startedAt > STEADY_MS) pauseMs = RESTART_FIRST_MS;
      print(`${name} ended unexpectedly; starting it again`);
      await wait(pauseMs, undefined, { signal: stopped.signal }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, RESTART_MAX_MS);
    }
  })();

  return {
    name,
    get pid() {
      return child?.pid;
    },
    markReady: () => {
      wasReady = true;
    },
    async stop() {
      stopped.abort();
      child?.kill('SIGTERM');
      const late = setTimeout(() => child?.kill('SIGKILL'), STOP_MS);
      await running;
      clearTimeout(late);
    },
  };
}
