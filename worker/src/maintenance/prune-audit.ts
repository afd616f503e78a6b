import type { JobDeps } from './job.ts';

/**
 * Forgets what is older than the retention, a seal's lines at a time; how long that is, the database says. May be stopped
 * anywhere, and run by several processes at once.
 */
export async function pruneAudit({ db }: Pick<JobDeps, 'db'>, signal: AbortSignal): Promise<void> {
  let gone: number | null = 0;
  while (gone !== null && !signal.aborted) {
    const { rows } = await db.pool.query<{ gone: number | null }>('select audit_prune_seal() as gone');
    gone = rows[0]?.gone ?? null;
  }
}
