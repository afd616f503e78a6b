import { testServer } from '@fechatter/server/testing';
import { workerDeps } from '../testing/worker-deps.ts';
import { afterAll, expect, test } from 'vitest';
import { pruneAudit } from './prune-audit.ts';

const app = await testServer();
const deps = workerDeps(app);
afterAll(async () => {
  await deps.db.close();
  await app[Symbol.asyncDispose]();
});
const { workspace } = await app.workspaceOf('alice');
const count = async () => (await app.database.query('select 1 from audit_log')).length;

test('what is older than the retention goes, in batches', async () => {
  const before = await count();
  const insert = (rows: number, days: number) =>
    app.database.query(
      `insert into audit_log (scope_id, id, action, created_at)
       select $1, gen_random_uuid(), 'workspace.updated', now() - make_interval(days => $2) from generate_series(1, $3)`,
      [workspace.id, days, rows],
    );
  await insert(2_500, 366);
  await insert(1, 364);
  await pruneAudit(deps, AbortSignal.timeout(10_000));
  expect(await count()).toBe(before + 1);
});
