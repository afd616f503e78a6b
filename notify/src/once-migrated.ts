import { type Database, isUnavailable, untilMigrated } from '@fechatter/drizzle';
import type { Log } from '@fechatter/service-kit';
import { setTimeout as wait } from 'node:timers/promises';

const RETRY_MS = 500;

export interface OnceMigratedOptions {
  readonly db: Database;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onReached: () => void | Promise<void>;
}

/**
 * Calls `onReached` when the database has the schema that this build needs; retries if it fails because the database is
 * down.
 */
export async function onceMigrated({ db, log, signal, onReached }: OnceMigratedOptions): Promise<void> {
  let wasLogged = false;
  const onWaiting = () => {
    if (!wasLogged) log.warn('waiting until the database is reachable and migrated');
    wasLogged = true;
  };
  while (await untilMigrated(db, signal, onWaiting)) {
    try {
      return await onReached();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
    }
    wasLogged = true;
    await wait(RETRY_MS, undefined, { signal }).catch(() => {});
  }
}
