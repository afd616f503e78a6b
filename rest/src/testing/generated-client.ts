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
    skipLibCheck: true,
    target: 'es2023',
    lib: ['es2023', 'dom'],
    types: ['node'],
    module: 'esnext',
    moduleResolution: 'bundler',
    allowImportingTsExtensions: true,
  },
};

/** The result of a program written against a generated client. */
export interface ClientRun {
  /** The compiler's errors; empty if there are none. */
  readonly complaints: string;
  readonly printed: string;
}

/** Writes the client generated from a document into a folder. */
type Generator = (document: OpenApiDocument, folder: string) => Promise<unknown>;

// Imported on use, because they load the whole TypeScript compiler.
const generators = {
  /** Types, as `./paths.ts`, for openapi-fetch. */
  async 'openapi-typescript'(document, folder) {
    const { default: openapiTypescript, astToString } = await import('openapi-typescript');
    await writeFile(join(folder, 'paths.ts'), astToString(await openapiTypescript(JSON.stringify(document))));
  },
  /** One function per operation, as `./client/sdk.gen.ts`. */
  async 'hey-api'(document, folder) {
    const { createClient } = await import('@hey-api/openapi-ts');
    const input = { ...document };
    await createClient({ input, output: join(folder, 'client'), logs: { level: 'silent' } });
  },
} satisfies Record<string, Generator>;

/** Compiles and runs a program as an outside user would, with the generated client and openapi-fetch. */
export async function runGeneratedClient(
  document: OpenApiDocument,
  program: string,
  args: readonly string[],
  generator: keyof typeof generators = 'openapi-typescript',
): Promise<ClientRun> {
  const dist = join(import.meta.dirname, '..', '..', 'dist');
  await mkdir(dist, { recursive: true });
  const folder = await mkdtemp(join(dist, 'client-'));
  try {
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    // hey-api's code assigns undefined to optional properties.
    const compilerOptions = {
      ...settings.compilerOptions,
      exactOptionalPropertyTypes: generator === 'openapi-typescript',
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...settings, compilerOptions }));
    await writeFile(join(folder, 'program.ts'), program);
    await generators[generator](document, folder);
    const complaints = await output([compiler, '-p', '.'], folder);
    return { complaints, printed: await output(['--import', require.resolve('tsx'), 'program.ts', ...args], folder) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function output(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((settle) => {
    execFile(
      process.execPath,
      [...args],
      { cwd, env: { ...process.env, NODE_NO_WARNINGS: '1' } },
      (_, stdout, stderr) => settle(stdout + stderr),
    );
  });
}
