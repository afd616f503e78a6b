import { isUnavailable } from '@fechatter/drizzle';
import { setTimeout as wait } from 'node:timers/promises';
import type { Deps } from './deps.ts';
import { publishKeys } from './identity/signing-keys.ts';

const PERIOD_MS = 60_000;
const ROUNDS_AN_HOUR = 60;

/**
 * What every server does until `signal` aborts: each minute it makes the partitions that its writes will need, so that
 * writing does not depend on another process; each hour it confirms its signing keys, so that no worker retires them.
 */
export async function runInBackground(
  { db, log, config }: Pick<Deps, 'config' | 'db' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  for (let round = 0; !signal.aborted; round++) {
    try {
      await db.pool.query('select log_add_partitions()');
      if (round % ROUNDS_AN_HOUR === 0) await publishKeys(db, config.auth.signingKeys);
    } catch (error) {
      if (!isUnavailable(error)) log.error({ err: error }, 'unexpected error in the background');
    }
    await wait(PERIOD_MS, undefined, { signal, ref: false }).catch(() => {});
  }
}
