import { build, type Plugin } from 'esbuild';
import { join } from 'node:path';
import { builtPage } from '@fechatter/panel';
import { root } from './root.ts';
import { unbundled } from './unbundled.ts';

const entries = {
  server: 'server/src/main.ts',
  notify: 'notify/src/main.ts',
  worker: 'worker/src/main.ts',
  picture: 'worker/src/pictures/child.ts',
  fechatter: 'cli/src/main.ts',
  healthy: 'deploy/src/healthy.ts',
} as const;

// CommonJS packages use these; an ES module does not have them.
const BANNER = `import { createRequire as requireOf } from 'node:module';
const require = requireOf(import.meta.url);`;

/**
 * Writes a script for each entry, which starts five times as fast as the sources; returns the files that went into
 * them.
 */
export async function bundle(folder: string): Promise<readonly string[]> {
  // Done before the bundling, not during it: it stops the esbuild process that both use.
  const page = await builtPage();
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, path)])),
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: [...unbundled, 'pg-native'],
    banner: { js: BANNER },
    plugins: [panelMade(page)],
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  return Object.keys(metafile.inputs).map((path) => join(root, path));
}

/** In development esbuild builds the panel on demand; in production it is built here. */
const panelMade = (page: Awaited<ReturnType<typeof builtPage>>): Plugin => ({
  name: 'panel-made',
  setup(bundling) {
    const contents = `export const builtPage = () => Promise.resolve(${JSON.stringify(page)});`;
    bundling.onLoad({ filter: /panel\/src\/serve\/built-page\.ts$/ }, () => ({ contents, loader: 'js' }));
  },
});
