import { ConfigError, loadConfig } from '@fechatter/service-kit';
import { start } from './start.ts';
import { summary } from './summary.ts';

const print = (line: string) => process.stdout.write(`  ${line}\n`);
const beganAt = performance.now();
const interrupted = new AbortController();

let end: (code: number) => void = () => {};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interrupted.signal.aborted) return;
    interrupted.abort(new Error('interrupted'));
    end(0);
  });
}

try {
  const config = loadConfig('launcher');
  process.stdout.write('Fechatter is starting\n');
  const running = await start({ config, env: process.env, print, signal: interrupted.signal });
  process.stdout.write(summary(config, running, performance.now() - beganAt));
  end = (code) => {
    process.stdout.write('\nFechatter is stopping\n');
    void running.stop().then(
      () => process.exit(code),
      () => process.exit(1),
    );
  };
  if (interrupted.signal.aborted) end(0);
} catch (error) {
  if (interrupted.signal.aborted) process.exit(0);
  const isExplained = error instanceof ConfigError || error instanceof Error;
  process.stderr.write(`${isExplained ? error.message : String(error)}\n`);
  process.exit(1);
}
