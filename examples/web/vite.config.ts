import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    outDir: 'dist/site',
    target: 'es2022',
    // One small script: there is nothing to preload, and no file is written into the page.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
