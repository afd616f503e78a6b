import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark, RunOptions } from '../benchmark.ts';
import { describeMachine } from './machine.ts';
import { placeOf } from './needs.ts';
import type { StoredResult } from './stored-result.ts';

/** Runs one benchmark, and reports which parts of it were skipped. */
export async function runBenchmark(
  benchmark: Benchmark,
  {
    isQuick,
    command,
    nodeArgs,
    from,
    messages,
    print,
  }: Pick<RunOptions, 'isQuick' | 'nodeArgs' | 'from' | 'messages' | 'print'> & { readonly command: string },
): Promise<StoredResult> {
  const machine = describeMachine();
  const found = new Map<string, string>();
  const versions: Record<string, string> = {};
  const leftOut: string[] = [];
  for (const need of benchmark.needs) {
    const place = placeOf(need);
    if (place === undefined) leftOut.push(`${need.name}: ${need.install}`);
    else found.set(need.name, place);
    if (place !== undefined) versions[need.name] = versionOf(place);
  }
  for (const line of leftOut) print(`left out, because it is not installed: ${line}`);
  // Postgres, when run as another user, must be able to enter it.
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-bench-'));
  await chmod(folder, 0o711);
  const startedAtMs = performance.now();
  try {
    const result = await benchmark.run({ isQuick, folder, found, nodeArgs, from, messages, print });
    return {
      name: benchmark.name,
      title: benchmark.title,
      command,
      measuredAt: new Date().toISOString(),
      durationSeconds: Math.round((performance.now() - startedAtMs) / 1_000),
      machine,
      versions,
      leftOut,
      ...result,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The Debian package and version of a program; its path if it has none. */
function versionOf(place: string): string {
  try {
    const name = output('dpkg', '-S', place).split(':')[0] ?? '';
    return `${name} ${output('dpkg-query', '-W', '-f', '${Version}', name)}`;
  } catch {
    return place;
  }
}

const output = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 10_000 }).trim();
