import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { builtService } from '@fechatter/testing/built-service';
import { freePort } from '@fechatter/testing/free-port';
import { until } from '@fechatter/testing/until';

/** One process of a service, which the harness restarts whenever it ends. */
export interface Service {
  readonly name: string;
  readonly port: number;
  /** How often it has been started. */
  readonly starts: () => number;
  signal(signal: NodeJS.Signals): void;
  /** Freezes it for a while (SIGSTOP). */
  freeze(forMs: number): Promise<void>;
  isReady(): Promise<boolean>;
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly name: string;
  readonly kind: 'server' | 'notify' | 'worker';
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

const RESTART_MS = 100;
const STOP_MS = 20_000;

/** Starts a service on a free port. */
export async function keepService({ name, kind, env, logFile }: ServiceOptions): Promise<Service> {
  const [port, script] = [await freePort(), await builtService(kind)];
  const log = createWriteStream(logFile, { flags: 'a' });
  const stopping = new AbortController();
  let starts = 0;
  let child: ChildProcess | undefined;
  const runOnce = async () => {
    starts += 1;
    child = spawn(process.execPath, [script], {
      // The channel closes when this process ends, and the service then ends too.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        ...env,
        [`FECHATTER_${kind.toUpperCase()}_PORT`]: String(port),
      },
    });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    await once(child, 'close').catch(() => {});
  };
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await runOnce();
      if (!stopping.signal.aborted) await wait(RESTART_MS);
    }
  })();
  const signal = (name: NodeJS.Signals) => void child?.kill(name);
  return {
    name,
    port,
    starts: () => starts,
    signal,
    async freeze(forMs) {
      const frozen = child;
      frozen?.kill('SIGSTOP');
      await wait(forMs);
      frozen?.kill('SIGCONT');
    },
    isReady: async () => {
      const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      return response.status === 200;
    },
    async stop() {
      stopping.abort();
      signal('SIGCONT');
      signal('SIGTERM');
      const late = setTimeout(() => signal('SIGKILL'), STOP_MS);
      await running;
      clearTimeout(late);
      log.end();
    },
  };
}

/** Waits until all of them are ready. */
export async function allReady(services: readonly Service[], timeoutMs: number): Promise<void> {
  await Promise.all(
    services.map((service) =>
      until(
        () => service.isReady(),
        () => `${service.name} is ready`,
        timeoutMs,
      ),
    ),
  );
}
