import { testServer } from '@fechatter/server/testing';
import { workerDeps } from '../testing/worker-deps.ts';
import { verifyAudit } from '@fechatter/drizzle';
import { collectedLog } from '@fechatter/service-kit/testing';
import { afterAll, expect, test } from 'vitest';
import { pruneAudit } from './prune-audit.ts';
import { sealAudit } from './seal-audit.ts';

const app = await testServer();
const deps = workerDeps(app);
afterAll(async () => {
  await deps.db.close();
  await app[Symbol.asyncDispose]();
});
const { workspace } = await app.workspaceOf('alice');
const count = async () => (await app.database.query('select 1 from audit_log')).length;

test('sealed lines older than the retention are pruned, with any settings of the worker', async () => {
  const before = await count();
  const insert = (rows: number, days: number) =>
    app.database.query(
      `insert into audit_log (scope_id, id, action, created_at)
       select $1, gen_random_uuid(), 'workspace.updated', now() - make_interval(days => $2) from generate_series(1, $3)`,
      [workspace.id, days, rows],
    );
  await insert(2_500, 366);
  await insert(1, 364);
  const { log, lines } = collectedLog('info');
  await pruneAudit(deps, AbortSignal.timeout(60_000));
  expect(await count()).toBe(before + 2_501);
  await sealAudit({ ...deps, log }, AbortSignal.timeout(60_000));
  expect(lines.map((line) => line.lines)).toEqual([1_000, 1_000, 500, 1, before]);
  expect(lines.at(-1)).toMatchObject({
    seal: 5,
    hash: expect.stringMatching(/^[\da-f]{64}$/),
    msg: 'audit log sealed',
  });
  await pruneAudit(deps, AbortSignal.timeout(60_000));
  expect(await count()).toBe(before + 1);
  expect(await verifyAudit(app.db.pool)).toMatchObject({
    seals: 5,
    lines: before + 1,
    prunedLines: 2_500,
    problems: [],
  });
});
