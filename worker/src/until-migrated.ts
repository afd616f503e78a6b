import { type Database, databaseVersion, expectedVersion } from '@fechatter/drizzle';
import type { Log } from '@fechatter/service-kit';
import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 500;

/** Waits until the database has what this build stands on; false: `signal` aborted first. */
export async function untilMigrated(db: Database, log: Log, signal: AbortSignal): Promise<boolean> {
  for (let hasSaidSo = false; !signal.aborted; hasSaidSo = true) {
    const version = await databaseVersion(db).catch(() => undefined);
    if (version !== undefined && version >= expectedVersion) return !signal.aborted;
    if (!hasSaidSo) log.warn({ version, expectedVersion }, 'waiting for the database to be there and migrated');
    await wait(POLL_MS, undefined, { signal }).catch(() => {});
  }
  return false;
}
