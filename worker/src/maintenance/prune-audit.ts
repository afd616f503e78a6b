import type { JobDeps } from './job.ts';

/**
 * Deletes audit lines older than the retention stored in the database, a seal's lines at a time. It can be stopped
 * anywhere, and run by several processes at once.
 */
export async function pruneAudit({ db }: Pick<JobDeps, 'db'>, signal: AbortSignal): Promise<void> {
  let gone: number | null = 0;
  while (gone !== null && !signal.aborted) {
    const { rows } = await db.pool.query<{ gone: number | null }>('select audit_prune_seal() as gone');
    gone = rows[0]?.gone ?? null;
  }
}
