import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

const BUILT_WITHIN_MS = 300_000;
const begun = new Map<string, Promise<string>>();

/**
 * The folder of what a test run builds only once, whichever process needs it first: the program that started the run
 * names the place in `FECHATTER_TEST_BUILD` and removes it; without it, this process makes its own build and keeps it
 * until it ends.
 */
export function builtOnce(what: string, build: (folder: string) => Promise<unknown>): Promise<string> {
  const known = begun.get(what);
  if (known !== undefined) return known;
  const building = builtIn(what, build);
  begun.set(what, building);
  return building;
}

/** The process that creates the mark builds; the others wait for it. */
async function builtIn(what: string, build: (folder: string) => Promise<unknown>): Promise<string> {
  const place = process.env.FECHATTER_TEST_BUILD ?? (await ownPlace());
  const folder = join(place, what);
  const outcome = `${folder}.outcome`;
  const isFirst = await mkdir(`${folder}.begun`).then(
    () => true,
    () => false,
  );
  if (isFirst) {
    // Others must not read the half of it.
    await writeFile(`${outcome}.new`, await build(folder).then(() => 'built', String));
    await rename(`${outcome}.new`, outcome);
  }
  const outcomeText = await until(() => readFile(outcome, 'utf8'), `${what} is built`, BUILT_WITHIN_MS);
  if (outcomeText !== 'built') throw new Error(`${what} could not be built: ${outcomeText}`);
  return folder;
}

let own: Promise<string> | undefined;

const ownPlace = (): Promise<string> => (own ??= temporaryFolder());

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-build-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
