import { build, type Plugin } from 'esbuild';
import { join } from 'node:path';
import { builtPage } from '@fechatter/panel';
import { root } from './root.ts';
import { unbundled } from './unbundled.ts';

const entries = {
  server: 'server/src/main.ts',
  notify: 'notify/src/main.ts',
  worker: 'worker/src/main.ts',
  fechatter: 'cli/src/main.ts',
  healthy: 'deploy/src/healthy.ts',
} as const;

// CommonJS packages ask for these; a module has none.
const BANNER = `import { createRequire as requireOf } from 'node:module';
const require = requireOf(import.meta.url);`;

/** Writes a script for each entry, which starts in a fifth of the time that the sources take; answers what went into them. */
export async function bundle(folder: string): Promise<readonly string[]> {
  // Before the bundling, not while: it ends the esbuild that both use.
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

/** The panel is made from its sources by esbuild when it is asked for; in production it was made here. */
const panelMade = (page: Awaited<ReturnType<typeof builtPage>>): Plugin => ({
  name: 'panel-made',
  setup(bundling) {
    const contents = `export const builtPage = () => Promise.resolve(${JSON.stringify(page)});`;
    bundling.onLoad({ filter: /panel\/src\/serve\/built-page\.ts$/ }, () => ({ contents, loader: 'js' }));
  },
});
