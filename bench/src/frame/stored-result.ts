import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Result } from '../benchmark.ts';
import type { Machine } from './machine.ts';

/** A stored result, with everything that is needed to repeat the measurement. */
export interface StoredResult extends Result {
  readonly name: string;
  readonly title: string;
  readonly command: string;
  readonly measuredAt: string;
  readonly durationSeconds: number;
  readonly machine: Machine;
  /** The programs that it was compared with, and their versions. */
  readonly versions: Readonly<Record<string, string>>;
  /** The skipped parts, and how to install what they need. */
  readonly leftOut: readonly string[];
}

const folder = fileURLToPath(new URL('../../results', import.meta.url));

export async function storeResult(result: StoredResult): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/${result.name}.json`, `${JSON.stringify(result, undefined, 2)}\n`);
}

export async function storedResults(): Promise<readonly StoredResult[]> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  return Promise.all(
    names.map(async (name) => JSON.parse(await readFile(`${folder}/${name}`, 'utf8')) as StoredResult),
  );
}
