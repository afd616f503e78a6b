import type { JobDeps } from './job.ts';

/** Drops the partitions of the log that are older than a client can be away. */
export async function pruneLog({ db, config }: Pick<JobDeps, 'db' | 'config'>): Promise<void> {
  await db.pool.query('select log_prune(make_interval(hours => $1))', [config.database.eventRetentionHours]);
}
