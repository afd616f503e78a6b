import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { OpenApiDocument } from '../document/open-api.ts';

const require = createRequire(import.meta.url);
const compiler = require.resolve('typescript/bin/tsc');
const settings = {
  files: ['program.ts'],
  compilerOptions: {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    target: 'es2023',
    lib: ['es2023', 'dom'],
    types: ['node'],
    module: 'nodenext',
    allowImportingTsExtensions: true,
  },
};

/** What became of a program that was written against a generated client. */
export interface ClientRun {
  /** What the compiler says of it; empty if nothing. */
  readonly complaints: string;
  readonly printed: string;
}

/**
 * Compiles and runs a program as anyone outside would: it finds what openapi-typescript made of the document as
 * `./paths.ts`, and openapi-fetch.
 */
export async function runGeneratedClient(
  document: OpenApiDocument,
  program: string,
  ...args: readonly string[]
): Promise<ClientRun> {
  const dist = join(import.meta.dirname, '..', '..', 'dist');
  await mkdir(dist, { recursive: true });
  const folder = await mkdtemp(join(dist, 'client-'));
  try {
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    await writeFile(join(folder, 'program.ts'), program);
    // Only here, because it brings the whole TypeScript compiler.
    const { default: openapiTypescript, astToString } = await import('openapi-typescript');
    await writeFile(join(folder, 'paths.ts'), astToString(await openapiTypescript(JSON.stringify(document))));
    const complaints = await output([compiler, '-p', '.'], folder);
    return { complaints, printed: await output(['--import', require.resolve('tsx'), 'program.ts', ...args], folder) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function output(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((settle) => {
    execFile(process.execPath, [...args], { cwd }, (_, stdout, stderr) => settle(stdout + stderr));
  });
}
