import type { JobDeps } from './job.ts';

/** Twice the maximum life of a token. A server confirms its keys every hour. */
const UNUSED_DAYS = 2;

/** Removes the keys that no server has used for longer than a token can be valid. */
export async function retireSigningKeys({ db }: Pick<JobDeps, 'db'>): Promise<void> {
  await db.pool.query('delete from signing_keys where last_used_at < now() - make_interval(days => $1)', [UNUSED_DAYS]);
}
