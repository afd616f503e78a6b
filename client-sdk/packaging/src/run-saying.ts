import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TIMEOUT_MS = 300_000;

/** Runs a command; throws what it printed where it fails. */
export async function runSaying(command: string, args: readonly string[], cwd: string): Promise<string> {
  const options = { cwd, maxBuffer: 10_000_000, timeout: TIMEOUT_MS };
  try {
    return (await run(command, args, options)).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}
