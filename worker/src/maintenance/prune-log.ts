import type { JobDeps } from './job.ts';

/** Drops the partitions of the log that are older than the longest absence from which a client can resume. */
export async function pruneLog({ db, config }: Pick<JobDeps, 'db' | 'config'>): Promise<void> {
  await db.pool.query('select log_prune(make_interval(hours => $1))', [config.database.eventRetentionHours]);
}
