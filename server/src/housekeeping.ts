import { isUnavailable } from '@fechatter/drizzle';
import { setTimeout as wait } from 'node:timers/promises';
import { wipeDeleted } from './chat/wipe.ts';
import type { Deps } from './deps.ts';

type Keeper = Pick<Deps, 'config' | 'db' | 'log'>;

const PERIOD_MS = 60_000;

/** What any server may do at any time, and one of them must: each is safe to run twice at once, and to be cut short. */
const chores: Readonly<Record<string, (deps: Keeper, signal: AbortSignal) => Promise<unknown>>> = {
  'make the next partitions of the log': ({ db }) => db.pool.query('select log_add_partitions()'),
  'forget what is older than the retention': ({ db, config }) =>
    db.pool.query('select log_prune(make_interval(hours => $1))', [config.database.eventRetentionHours]),
  'wipe deleted chats': wipeDeleted,
};

/** Does all chores now and every minute, until `signal` aborts. One that fails is logged and tried again. */
export async function keepHouse(deps: Keeper, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const [chore, run] of Object.entries(chores)) {
      if (signal.aborted) return;
      await run(deps, signal).catch((error: unknown) => {
        if (!isUnavailable(error)) deps.log.error({ err: error, chore }, 'a chore failed');
      });
    }
    await wait(PERIOD_MS, undefined, { signal, ref: false }).catch(() => {});
  }
}
