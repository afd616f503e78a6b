import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program of a test's own in one file, for a test that starts it many times. */
export async function bundledProgram(entry: string): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-program-'));
  const path = join(folder, 'program.mjs');
  // CommonJS packages ask for `require`; a module has none.
  const banner = { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` };
  await build({
    entryPoints: [entry],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['pg-native'],
    banner,
    logLevel: 'warning',
  });
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
