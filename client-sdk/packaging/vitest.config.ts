import { defineConfig } from 'vitest/config';

/** The tests of the built package, which `pnpm test:package` runs. */
export default defineConfig({
  test: { root: import.meta.dirname, include: ['src/published.test.ts'], testTimeout: 120_000 },
});
