import type { JobDeps } from './job.ts';

const ROWS_A_TRANSACTION = 1_000;

/** Deletes what is older than the retention, in batches. May be stopped anywhere, and run by several processes at once. */
export async function pruneAudit({ db, config }: Pick<JobDeps, 'db' | 'config'>, signal: AbortSignal): Promise<void> {
  let gone = ROWS_A_TRANSACTION;
  while (gone === ROWS_A_TRANSACTION && !signal.aborted) {
    const { rows } = await db.pool.query<{ gone: number }>('select audit_prune($1, $2) as gone', [
      config.audit.retentionDays,
      ROWS_A_TRANSACTION,
    ]);
    gone = rows[0]?.gone ?? 0;
  }
}
