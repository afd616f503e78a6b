import type { Consumer } from '@fechatter/drizzle';

/**
 * What is done about events, each exactly once: see Consumer. Push, webhooks and the search index stand here when they
 * come; each has a folder of its own.
 */
export const consumers: readonly Consumer[] = [];
