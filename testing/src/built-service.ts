import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from './until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const BUILT_WITHIN_MS = 180_000;

/**
 * The production script of a service or of the operator's commands, which starts five times as fast as the sources. It is built once per test run:
 * the program that started the run names the folder in `FECHATTER_TEST_BUILD` and removes it; without it, this process
 * makes its own build and keeps it until it ends.
 */
export async function builtService(name: 'server' | 'notify' | 'worker' | 'fechatter'): Promise<string> {
  built ??= buildOnce(process.env.FECHATTER_TEST_BUILD ?? (await ownFolder()));
  return join(await built, 'bin', `${name}.js`);
}

let built: Promise<string> | undefined;

/** The process that creates the folder builds; the others wait for it. */
async function buildOnce(folder: string): Promise<string> {
  const production = join(folder, 'production');
  const outcome = join(folder, 'outcome');
  const isFirst = await mkdir(join(folder, 'begun')).then(
    () => true,
    () => false,
  );
  if (isFirst) {
    const building = promisify(execFile)(process.execPath, ['--import', 'tsx', 'deploy/src/main.ts', production], {
      cwd: root,
    });
    await writeFile(outcome, await building.then(() => 'built', String));
  }
  const outcomeText = await until(() => readFile(outcome, 'utf8'), 'the services are built', BUILT_WITHIN_MS);
  if (outcomeText !== 'built') throw new Error(`the services could not be built: ${outcomeText}`);
  return production;
}

async function ownFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-build-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
