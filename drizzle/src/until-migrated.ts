import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from './database.ts';
import { isMigrated } from './migrate.ts';

const POLL_MS = 500;

/**
 * Waits until a database is reachable and has everything that this build needs, checking twice a second. Returns false
 * if `signal` aborted first. `onWaiting` is called once, if it has to wait.
 */
export async function untilMigrated(db: Database, signal: AbortSignal, onWaiting: () => void): Promise<boolean> {
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    if (await isMigrated(db).catch(() => false)) return !signal.aborted;
    if (isFirst && !signal.aborted) onWaiting();
    await wait(POLL_MS, undefined, { signal }).catch(() => {});
  }
  return false;
}
