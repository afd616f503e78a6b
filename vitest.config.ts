import { defineConfig } from 'vitest/config';
import LongestFirst from './.ci/longest-first.ts';

/** They end what hangs. What takes long on a busy machine does not fail. */
const timeouts = { testTimeout: 240_000, hookTimeout: 600_000, expect: { poll: { timeout: 120_000 } } };
/** It tests the package as it is published, which `pnpm test:package` builds. */
const PUBLISHED = 'client-sdk/packaging/src/published.test.ts';

export default defineConfig({
  test: {
    globalSetup: './drizzle/src/testing/global-setup.ts',
    setupFiles: './.ci/report-pages.ts',
    include: ['**/src/**/*.test.ts'],
    exclude: ['**/node_modules/**', PUBLISHED],
    pool: 'forks',
    // A process loads what the tests use once for all of its files: a fifth of what they cost.
    isolate: false,
    // Twice as many as there are cores in CI: half of the time a test waits, for leases, deadlines and processes.
    maxWorkers: 4,
    reporters: ['default', './.ci/closing-line.ts'],
    sequence: { sequencer: LongestFirst },
    ...timeouts,
  },
});
