import { openDatabase } from '@fechatter/drizzle';
import { accessOf } from '@fechatter/drizzle/testing';
import type { TestServer } from '@fechatter/server/testing';
import type { CheckDeps } from '../file-checks/check-file.ts';
import type { JobDeps } from '../maintenance/job.ts';

/**
 * The dependencies of a job, with exactly the rights that a worker has in production. Close its database before the
 * server.
 */
export function workerDeps({
  database,
  deps,
}: Pick<TestServer, 'database' | 'deps'>): JobDeps & CheckDeps & TestServer['deps'] {
  return {
    ...deps,
    db: openDatabase(accessOf(database, 'worker')),
    stores: deps.files.stores,
    fileKeys: deps.files.keys,
  };
}
