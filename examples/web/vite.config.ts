import { defineConfig } from 'vite';
import { emojiTable } from './emoji-table.ts';

export default defineConfig({
  plugins: [emojiTable()],
  build: {
    outDir: 'dist/site',
    target: 'es2022',
    // One small script: there is nothing to preload, and no file is written into the page.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // One file of what the first form and other parts use, and one of what many of the other parts use: each request costs as many
    // bytes as a small file has.
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            {
              name: (id, modules) => (isNeededAtFirst(id, modules) ? 'shared' : null),
              minShareCount: 2,
            },
            {
              name: (id, modules) => (isNeededAtFirst(id, modules) ? null : 'parts'),
              minShareCount: 4,
            },
          ],
        },
      },
    },
  },
});

interface Modules {
  getModuleInfo(id: string): { readonly isEntry: boolean; readonly importers: readonly string[] } | null;
}

/** Whether a module is loaded with the page, and not on demand: its importers lead to the entry. */
function isNeededAtFirst(id: string, modules: Modules, seen = new Set<string>()): boolean {
  if (seen.has(id)) return false;
  seen.add(id);
  const info = modules.getModuleInfo(id);
  return info !== null && (info.isEntry || info.importers.some((one) => isNeededAtFirst(one, modules, seen)));
}
