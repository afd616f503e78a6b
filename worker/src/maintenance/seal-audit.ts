import type { JobDeps } from './job.ts';

const LINES_A_SEAL = 1_000;

/**
 * Seals the audit lines written since the last seal. Each seal is also written to this process's log: kept elsewhere,
 * it later proves that nothing before it was changed. It can be stopped anywhere, and run by several processes: one
 * seals at a time.
 */
export async function sealAudit({ db, log }: Pick<JobDeps, 'db' | 'log'>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { rows } = await db.pool.query<{ n: number; lines: number; hash: Buffer }>(
      'select n, lines, hash from audit_seal($1)',
      [LINES_A_SEAL],
    );
    const [seal] = rows;
    if (seal === undefined) return;
    log.info({ seal: seal.n, lines: seal.lines, hash: seal.hash.toString('hex') }, 'audit log sealed');
  }
}
