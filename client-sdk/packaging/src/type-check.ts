import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Every TypeScript that is promised. */
export const typescripts = ['5.7.3', '5.9.3', '6.0.3', '7.0.2'] as const;
export const aliasOf = (version: string): string => `typescript-${version}`;

const INSTANTIATIONS_MAX = 20_000;
const run = promisify(execFile);

/** Checks the consumer's program and every declaration that it uses; throws what the compiler complains of. */
export async function typeCheck(dir: string, version: string): Promise<string> {
  await compile(dir, version, false);
  // What the program's own types cost: the check of everybody's declarations above counts those of the DOM and React, too.
  const counted = await compile(dir, version, true);
  if (!(counted <= INSTANTIATIONS_MAX))
    throw new Error(`${counted} instantiations are more than ${INSTANTIATIONS_MAX}`);
  return `no error, ${counted} instantiations`;
}

async function compile(dir: string, version: string, skipLibCheck: boolean): Promise<number> {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck,
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    module: 'nodenext',
    types: [],
    noEmit: true,
    allowImportingTsExtensions: true,
  };
  const project = join(dir, `tsconfig.${version}.json`);
  await writeFile(project, JSON.stringify({ compilerOptions, include: ['src'] }));
  const folder = join(dir, 'node_modules', aliasOf(version));
  const { bin } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { bin: { tsc: string } };
  try {
    const { stdout } = await run(process.execPath, [join(folder, bin.tsc), '-p', project, '--extendedDiagnostics']);
    return Number(/Instantiations:\s+(\d+)/.exec(stdout)?.[1]);
  } catch (error) {
    throw new Error((error as { stdout?: string }).stdout?.trim(), { cause: error });
  }
}
