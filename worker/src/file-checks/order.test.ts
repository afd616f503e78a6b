import { testServer, uploaded } from '@fechatter/server/testing';
import { until } from '@fechatter/testing/until';
import { afterAll, expect, test } from 'vitest';
import { photo } from '../testing/pictures.ts';
import { workerDeps } from '../testing/worker-deps.ts';
import { claimCheck, type ClaimOptions } from './claim-check.ts';
import { waitingChecks } from './waiting-checks.ts';

const app = await testServer();
const deps = workerDeps(app);
const { alice, chat } = await app.chatOf('alice', 'bob');
afterAll(async () => {
  await deps.db.close();
  await app[Symbol.asyncDispose]();
});

const IMPORTED = 20_000;

test('what a person uploads is checked before what an import has brought, without reading all of that', async () => {
  // As an import leaves them, due long before.
  await app.database.query(
    `insert into file_checks (file_id, due_at, is_imported)
     select gen_random_uuid(), now() - interval '1 day' + n * interval '1 ms', true from generate_series(1, $1::int) n`,
    [IMPORTED],
  );
  await app.database.query('analyze file_checks');
  const { id: fileId } = await uploaded(app, alice, { chatId: chat.id, bytes: await photo(1) });
  const claim = (options?: ClaimOptions) => claimCheck(deps.db, crypto.randomUUID(), options);
  expect(await claim({ first: 'imported' })).not.toMatchObject({ fileId });
  // It is due at the moment of its upload; the system's clock can step back.
  await until(async () => (await waitingChecks(deps.db)).waitingSeconds > 0, 'it is due');
  expect(await claim()).toMatchObject({ fileId });
  // Then imported ones have their turn, in the order in which they came.
  const [next] = await app.database.query<{ file_id: string }>(
    'select file_id from file_checks where is_imported and lease is null order by due_at limit 1',
  );
  expect(await claim()).toMatchObject({ fileId: next?.file_id, file: null });
  const plan = await app.database.query<{ 'QUERY PLAN': string }>(
    `explain select file_id from file_checks where not is_imported and due_at <= clock_timestamp() order by due_at limit 1`,
  );
  expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('file_checks_due');
});
