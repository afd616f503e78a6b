import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EmbeddedPostgres } from '../index.ts';
import { serversOf, startOf } from '../process-table.ts';
import { until } from '../until.ts';
import { madeFolder } from './started.ts';

const deadlineMs = 25_000;

/** A Postgres that another process has started. */
export type Left = Pick<EmbeddedPostgres, 'url' | 'pid' | 'dataDir'>;

/** Starts Postgres in a separate Node process, which the test kills. */
export async function startedElsewhere(): Promise<{ parent: ChildProcess; left: Left }> {
  return elsewhere(await madeFolder(), process.env);
}

export async function elsewhere(
  dataDir: string,
  env: NodeJS.ProcessEnv,
): Promise<{ parent: ChildProcess; left: Left }> {
  const parent = startElsewhere(dataDir, env);
  let output = '';
  parent.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const line = await until(() => (output.includes('\n') ? output : undefined), deadlineMs);
  const [url = '', pid] = line?.trim().split(' ') ?? [];
  onTestFinished(() => {
    if (serversOf(join(dataDir, 'data')).includes(Number(pid))) process.kill(Number(pid), 'SIGINT');
  });
  return { parent, left: { url, pid: Number(pid), dataDir } };
}

export function startElsewhere(dataDir: string, env: NodeJS.ProcessEnv): ChildProcess {
  const code = `
    import { startPostgres } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
    const { url, pid } = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false });
    console.log(url, pid);`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', code];
  const parent = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => kill(parent));
  return parent;
}

/** Kills a process (SIGKILL) and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  const { pid } = child;
  child.kill('SIGKILL');
  await until(() => (pid === undefined || startOf(pid) === undefined ? true : undefined), deadlineMs);
}
