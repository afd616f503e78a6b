import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sdkDir } from './paths.ts';
import { type Registry, startRegistry } from './registry.ts';
import { runSaying } from './run-saying.ts';
import { aliasOf, typescripts } from './type-check.ts';

const consumerDir = fileURLToPath(new URL('../consumer', import.meta.url));

/** A project outside this repository, with the packed SDK in its `node_modules`. */
export interface ConsumerProject {
  readonly dir: string;
  /** How many the tarball has. */
  readonly files: number;
  readonly manifestIsClean: () => Promise<string>;
  readonly publint: () => Promise<string>;
  readonly attw: () => Promise<string>;
}

/** Packs the SDK with `pnpm pack`, publishes it to a registry on this machine, and installs it by its name with npm. */
export async function makeConsumerProject(): Promise<ConsumerProject> {
  const dir = await mkdtemp(join(tmpdir(), 'fechatter-consumer-'));
  const npx = (...args: string[]) => runSaying('npx', ['-y', ...args], dir);
  const starting = startRegistry();
  starting.catch(() => {});
  await runSaying('npx', ['-y', 'pnpm@12', 'pack', '--pack-destination', dir], sdkDir);
  const tarball = (await readdir(dir)).find((name) => name.endsWith('.tgz')) ?? '';
  const registry = await starting;
  try {
    await install(dir, tarball, registry);
  } finally {
    await registry.stop();
  }
  await cp(consumerDir, join(dir, 'src'), { recursive: true });
  const installed = join(dir, 'node_modules/@fechatter/client');
  return {
    dir,
    files: (await readdir(installed, { recursive: true, withFileTypes: true })).filter((one) => one.isFile()).length,
    manifestIsClean: () => manifestIsClean(installed),
    publint: async () => lastLine(await npx('publint@0.3.25', '--strict', `./${tarball}`)),
    attw: async () => lastLine(await npx('@arethetypeswrong/cli@0.18.5', `./${tarball}`, '--profile', 'node16', '-q')),
  };
}

async function install(dir: string, tarball: string, { url, npmrc }: Registry): Promise<void> {
  await writeFile(join(dir, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  await writeFile(join(dir, '.npmrc'), npmrc);
  await runSaying('npm', ['publish', `./${tarball}`, '--registry', url], dir);
  const others = ['react@19.3.1', '@types/react@19.3.0', '@types/node@20.19.43'];
  const compilers = typescripts.map((version) => `${aliasOf(version)}@npm:typescript@${version}`);
  await runSaying('npm', ['install', '--no-audit', '--no-fund', '@fechatter/client', ...others, ...compilers], dir);
}

async function manifestIsClean(installed: string): Promise<string> {
  const text = await readFile(join(installed, 'package.json'), 'utf8');
  const found = /workspace:|catalog:|devDependencies|"private"|"scripts"|\.ts"/.exec(
    text.replaceAll(/\.d\.c?ts"/g, ''),
  );
  if (found !== null) throw new Error(`it has ${found[0]}`);
  const names = await readdir(installed);
  for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE'])
    if (!names.includes(name)) throw new Error(`${name} is missing`);
  return 'and README, CHANGELOG and LICENSE are inside';
}

const lastLine = (text: string) => text.trim().split('\n').at(-1)?.trim() || 'nothing to complain of';
