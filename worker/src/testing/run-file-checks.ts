import { until } from '@fechatter/testing/until';
import type { CheckDeps } from '../file-checks/check-file.ts';
import { runChecks } from '../file-checks/run-checks.ts';

/** Runs this many workers at once until no file waits for its check. */
export async function runFileChecks(deps: CheckDeps, workers = 1): Promise<void> {
  const stop = new AbortController();
  const running = Array.from({ length: workers }, () => runChecks({ deps, signal: stop.signal, pollMs: 20 }));
  const isDone = async () => (await deps.db.pool.query('select from file_checks limit 1')).rowCount === 0;
  try {
    await until(isDone, 'all files were checked', 240_000);
  } finally {
    stop.abort();
    await Promise.all(running.map(({ ended }) => ended));
  }
}
