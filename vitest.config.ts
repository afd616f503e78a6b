import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/src/**/*.test.ts'],
    globalSetup: './drizzle/src/testing/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Races and faults on a shared machine: CI tries a failed test once more, and says so. On a desk it fails at once.
    retry: process.env.CI === 'true' ? 1 : 0,
    reporters: ['default', './.ci/closing-line.ts'],
  },
});
