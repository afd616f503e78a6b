import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Every TypeScript that is promised. */
export const typescripts = ['5.7.3', '5.9.3', '6.0.3', '7.0.2'] as const;
export const aliasOf = (version: string): string => `typescript-${version}`;

const INSTANTIATIONS_MAX = 24_000;
const run = promisify(execFile);

const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
const withPages = { target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], module: 'nodenext', types: [] };

/**
 * Checks the consumer's program, every declaration that it uses, and the declarations that are made of it; throws what
 * the compiler complains of.
 */
export async function typeCheck(dir: string, version: string): Promise<string> {
  const outDir = join(dir, 'declared', version);
  const declared = { declaration: true, emitDeclarationOnly: true, rootDir: join(dir, 'src'), outDir };
  const modern = { ...strict, ...withPages, allowImportingTsExtensions: true };
  await compile(dir, version, { compilerOptions: { ...modern, ...declared, skipLibCheck: false }, include: ['src'] });
  // What the program's own types cost: the check of all declarations above counts those of the DOM and React, too.
  const found = await compile(dir, version, {
    compilerOptions: { ...modern, noEmit: true, skipLibCheck: true },
    include: ['src/talk.ts'],
  });
  const counted = Number(/Instantiations:\s+(\d+)/.exec(found)?.[1]);
  if (!(counted <= INSTANTIATIONS_MAX))
    throw new Error(`${counted} instantiations are more than ${INSTANTIATIONS_MAX}`);
  return `no error, ${counted} instantiations`;
}

/** A program in CommonJS, with the module system of its time; it runs, too. */
export async function requireIt(dir: string, version: string): Promise<string> {
  const outDir = join(dir, 'required');
  const output = { rootDir: join(dir, 'src'), outDir };
  const compilerOptions = { ...strict, ...withPages, module: 'node16', moduleResolution: 'node16', ...output };
  await compile(dir, version, {
    compilerOptions: { ...compilerOptions, skipLibCheck: true },
    files: ['src/required.cts'],
  });
  const { stdout } = await run(process.execPath, [join(outDir, 'required.cjs')], { cwd: dir });
  return stdout.trim();
}

/** Without the types of the DOM, and with Node's, no declaration of ours is wrong; tRPC's own want a DOM. */
export async function checkHeadless(dir: string, version: string): Promise<string> {
  const compilerOptions = {
    ...strict,
    ...withPages,
    lib: ['es2022'],
    types: ['node'],
    noEmit: true,
    skipLibCheck: false,
  };
  const errors = await compile(dir, version, { compilerOptions, files: ['src/headless.ts'] }).catch(
    (error: Error) => error,
  );
  const lines = typeof errors === 'string' ? [] : errors.message.split('\n');
  const ours = lines.filter((line) => !line.startsWith('node_modules/@trpc/') && !line.startsWith(' '));
  if (ours.length > 0) throw new Error(ours.join('\n'));
  return `no error of ours; ${lines.length} of tRPC's`;
}

/** Returns what the compiler prints; throws what it complains of. */
async function compile(dir: string, version: string, config: object): Promise<string> {
  const text = JSON.stringify(config);
  const project = join(
    dir,
    `tsconfig.${createHash('sha256')
      .update(version + text)
      .digest('hex')}.json`,
  );
  await writeFile(project, text);
  const folder = join(dir, 'node_modules', aliasOf(version));
  const { bin } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { bin: { tsc: string } };
  try {
    const args = [join(folder, bin.tsc), '-p', project, '--extendedDiagnostics'];
    return (await run(process.execPath, args, { cwd: dir })).stdout;
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string };
    throw new Error(stdout.split(/^Files: /m)[0]?.trim(), { cause: error });
  }
}
