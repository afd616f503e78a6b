import { type Database, isMigrated, isUnavailable } from '@fechatter/drizzle';
import type { Log } from '@fechatter/service-kit';
import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 500;

export interface UntilMigratedOptions {
  readonly db: Database;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onReached: () => void | Promise<void>;
}

/** Waits until the database has what this build stands on: the server migrates, notify only looks. */
export async function untilMigrated(options: UntilMigratedOptions): Promise<void> {
  const { db, log, signal, onReached } = options;
  let hasSaidSo = false;
  while (!signal.aborted) {
    const isReady = await isMigrated(db).catch(() => false);
    if (signal.aborted) return;
    if (isReady) {
      try {
        return await onReached();
      } catch (error) {
        if (!isUnavailable(error)) throw error;
      }
    } else if (!hasSaidSo) log.warn('waiting for the database to be there and migrated');
    hasSaidSo = true;
    await wait(POLL_MS, undefined, { signal }).catch(() => {});
  }
}
