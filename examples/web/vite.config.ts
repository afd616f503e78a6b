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
    // One file of what several parts use: each request costs as many bytes as a small one has.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 4 }] } } },
  },
});
