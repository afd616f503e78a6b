import type { JobDeps } from './job.ts';

const LINES_A_SEAL = 1_000;

/**
 * Seals what the audit log has got since the last seal. Each goes to this log too: kept elsewhere, it proves later that
 * nothing before it was changed. May be stopped anywhere, and run by several processes: one seals at a time.
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
