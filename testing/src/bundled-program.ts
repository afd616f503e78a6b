import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bundles a test's program into one file, for a test that starts it many times. */
export async function bundledProgram(entry: string): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-program-'));
  const path = join(folder, 'program.mjs');
  // CommonJS packages use `require`; an ES module does not have it.
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
