import type { JobDeps } from './job.ts';

/** Twice what a token may live at most. A server says every hour that it has its keys. */
const UNUSED_DAYS = 2;

/** Takes back the keys that no server has had for longer than a token can live. */
export async function retireSigningKeys({ db }: Pick<JobDeps, 'db'>): Promise<void> {
  await db.pool.query('delete from signing_keys where last_used_at < now() - make_interval(days => $1)', [UNUSED_DAYS]);
}
