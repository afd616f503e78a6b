import type { Consumer } from '@fechatter/drizzle';

/** The consumers of the log, which process each event exactly once: see Consumer. Each gets a folder of its own. */
export const consumers: readonly Consumer[] = [];
