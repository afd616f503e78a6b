import { RELEASE } from '@fechatter/contract';
import { sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from './database.ts';
import { compareReleases } from './release.ts';
import type { Tx } from './transaction.ts';

const PERIOD_MS = 10_000;
/** A process that was not seen for this long counts as stopped. */
export const PROCESS_AWAY_SECONDS = 60;
/** Deletes rows of killed processes, which nothing else deletes. */
const FORGET_AFTER_HOURS = 24;

export interface ProcessOptions {
  readonly db: Pick<Database, 'pool'>;
  readonly service: 'server' | 'notify' | 'worker';
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/**
 * Writes every 10 s, by the database's clock, that this process runs, and its release; deletes the row when `signal`
 * aborts. Failures go to `onError`. The database must be migrated.
 */
export async function keepProcessRow({ db: { pool }, service, signal, onError }: ProcessOptions): Promise<void> {
  const id = randomUUID();
  while (!signal.aborted) {
    await pool
      .query(
        `with gone as (delete from processes where seen_at < clock_timestamp() - make_interval(hours => $4) and id <> $1)
         insert into processes (id, service, release) values ($1, $2, $3)
         on conflict (id) do update set seen_at = clock_timestamp()`,
        [id, service, RELEASE, FORGET_AFTER_HOURS],
      )
      .catch(onError);
    await wait(PERIOD_MS, undefined, { signal }).catch(() => {});
  }
  await pool.query('delete from processes where id = $1', [id]).catch(onError);
}

/** The oldest release among running processes; undefined if none was seen lately. */
export async function releaseFloor(tx: Tx): Promise<string | undefined> {
  const { rows } = await tx.execute<{ release: string }>(sql`
    select distinct release from processes
    where seen_at > clock_timestamp() - make_interval(secs => ${PROCESS_AWAY_SECONDS})`);
  return rows.map(({ release }) => release).toSorted(compareReleases)[0];
}
