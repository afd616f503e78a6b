import { defineConfig } from 'vitest/config';

/** They end what hangs. What takes long on a busy machine does not fail. */
const timeouts = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 60_000 } } };
/** Their tests leave nothing behind in their process, which is then loaded once for all: a fifth of what they cost. */
const shared = [
  'cli',
  'contract',
  'drizzle',
  'file-store',
  'notify',
  'rest',
  'search',
  'server',
  'service-kit',
  'worker',
];
const filesIn = (folders: readonly string[]) => folders.map((folder) => `${folder}/**/src/**/*.test.ts`);

export default defineConfig({
  test: {
    globalSetup: './drizzle/src/testing/global-setup.ts',
    pool: 'forks',
    // Twice as many as there are cores in CI: half of the time a test waits, for leases, deadlines and processes.
    maxWorkers: 4,
    reporters: ['default', './.ci/closing-line.ts'],
    projects: [
      { test: { name: 'shared', include: filesIn(shared), isolate: false, ...timeouts } },
      {
        test: {
          name: 'alone',
          include: ['**/src/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...filesIn(shared)],
          ...timeouts,
        },
      },
    ],
  },
});
