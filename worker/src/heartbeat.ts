import type { Database } from '@fechatter/drizzle';
import { setTimeout as wait } from 'node:timers/promises';

const PERIOD_MS = 10_000;
/** Of workers that were killed: nobody else takes their rows away. */
const FORGET_AFTER_HOURS = 24;

/** Says every 10 s that this worker runs, and takes that back when `signal` aborts. Failures go to `onError`. */
export async function keepHeartbeat(
  { pool }: Database,
  id: string,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    await pool
      .query(
        `with gone as (delete from workers where seen_at < clock_timestamp() - make_interval(hours => $2) and id <> $1)
         insert into workers (id) values ($1) on conflict (id) do update set seen_at = clock_timestamp()`,
        [id, FORGET_AFTER_HOURS],
      )
      .catch(onError);
    await wait(PERIOD_MS, undefined, { signal }).catch(() => {});
  }
  await pool.query('delete from workers where id = $1', [id]).catch(onError);
}
