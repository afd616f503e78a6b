import { type Database, isMigrated } from '@fechatter/drizzle';
import type { Log } from '@fechatter/service-kit';
import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 500;

/** Waits until the database has what this build stands on; false: `signal` aborted first. */
export async function untilMigrated(db: Database, log: Log, signal: AbortSignal): Promise<boolean> {
  for (let hasSaidSo = false; !signal.aborted; hasSaidSo = true) {
    if (await isMigrated(db).catch(() => false)) return !signal.aborted;
    if (!hasSaidSo) log.warn('waiting for the database to be there and migrated');
    await wait(POLL_MS, undefined, { signal }).catch(() => {});
  }
  return false;
}
