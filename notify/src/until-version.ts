import { type Database, databaseVersion, isUnavailable } from '@fechatter/drizzle';
import type { Log } from '@fechatter/service-kit';
import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 500;

export interface UntilVersionOptions {
  readonly db: Database;
  readonly expectedVersion: number;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onReached: () => void | Promise<void>;
}

/** Waits until the database has what this build stands on: the server migrates, notify only looks. */
export async function untilVersion(options: UntilVersionOptions): Promise<void> {
  const { db, expectedVersion, log, signal, onReached } = options;
  let hasSaidSo = false;
  while (!signal.aborted) {
    const version = await databaseVersion(db).catch(() => undefined);
    if (signal.aborted) return;
    if (version !== undefined && version >= expectedVersion) {
      try {
        return await onReached();
      } catch (error) {
        if (!isUnavailable(error)) throw error;
      }
    } else if (!hasSaidSo) log.warn({ version, expectedVersion }, 'waiting for the database to be there and migrated');
    hasSaidSo = true;
    await wait(POLL_MS, undefined, { signal }).catch(() => {});
  }
}
