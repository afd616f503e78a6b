import { until } from '@fechatter/testing/until';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { World } from './world.ts';

/** An example in its own process: the command, with paths below `examples`. */
export function startExample(
  [program = '', ...args]: readonly string[],
  { serverUrl, notifyUrl }: Pick<World, 'serverUrl' | 'notifyUrl'>,
  env: Readonly<Record<string, string>> = {},
) {
  const child = spawn(program, args, {
    cwd: fileURLToPath(new URL('../../../examples', import.meta.url)),
    env: { ...process.env, SERVER: serverUrl, NOTIFY: notifyUrl, ...env },
    stdio: 'pipe',
  });
  const closed = once(child, 'close');
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  return {
    prints: (words: string) =>
      until(() => printed.includes(words), `it says ${words}`).catch((error: unknown) => {
        throw new Error(printed, { cause: error });
      }),
    type: (line: string) => child.stdin.write(`${line}\n`),
    closed,
    async [Symbol.asyncDispose]() {
      child.kill();
      await closed;
    },
  };
}
