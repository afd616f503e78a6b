import { errorCode, isUnavailable } from '@fechatter/drizzle';
import { setTimeout as wait } from 'node:timers/promises';
import { pruneAudit } from './retention/prune-audit.ts';
import { forgetSessions } from './retention/forget-sessions.ts';
import { retireSigningKeys } from './identity/retire-signing-keys.ts';
import { wipeDeleted } from './erasure/wipe-deleted-chats.ts';
import type { Deps } from './deps.ts';
import { purgeExpired } from './retention/purge-expired.ts';
import { wipeErased } from './erasure/wipe-accounts.ts';

type Keeper = Pick<Deps, 'bell' | 'config' | 'db' | 'log'>;

const PERIOD_MS = 60_000;

const ROUNDS_AN_HOUR = 60;
/** A statement of a chore that was cut: unlike a database that is away, it does not mend itself. */
const TOOK_TOO_LONG = '57014';

type Chores = Readonly<Record<string, (deps: Keeper, signal: AbortSignal) => Promise<unknown>>>;

/** What any server may do at any time, and one of them must: each is safe to run twice at once, and to be cut short. */
const chores: Chores = {
  'make the next partitions of the log': ({ db }) => db.pool.query('select log_add_partitions()'),
  'forget what is older than the retention': ({ db, config }) =>
    db.pool.query('select log_prune(make_interval(hours => $1))', [config.database.eventRetentionHours]),
  'forget old lines of the audit log': pruneAudit,
  'purge messages that are older than their workspace keeps them': purgeExpired,
  'wipe deleted chats': wipeDeleted,
  'wipe erased accounts': wipeErased,
};

/** What looks through a whole table, or is in no hurry. */
const hourlyChores: Chores = {
  'forget sessions that ended long ago': forgetSessions,
  'retire signing keys that nobody has': retireSigningKeys,
};

/** Does all chores now, and then every minute or every hour, until `signal` aborts. One that fails is logged and tried again. */
export async function keepHouse(deps: Keeper, signal: AbortSignal): Promise<void> {
  for (let round = 0; !signal.aborted; round++) {
    const due = round % ROUNDS_AN_HOUR === 0 ? { ...chores, ...hourlyChores } : chores;
    for (const [chore, run] of Object.entries(due)) {
      if (signal.aborted) return;
      await run(deps, signal).catch((error: unknown) => {
        if (!isUnavailable(error) || errorCode(error) === TOOK_TOO_LONG)
          deps.log.error({ err: error, chore }, 'a chore failed');
      });
    }
    await wait(PERIOD_MS, undefined, { signal, ref: false }).catch(() => {});
  }
}
