import { testServer } from '@fechatter/server/testing';
import { workerDeps } from '../testing/worker-deps.ts';
import { afterAll, expect, test } from 'vitest';
import { retireSigningKeys } from './retire-signing-keys.ts';

const app = await testServer();
const deps = workerDeps(app);
afterAll(async () => {
  await deps.db.close();
  await app[Symbol.asyncDispose]();
});

const kids = async () => {
  const rows = await app.database.query<{ kid: string }>('select kid from signing_keys order by kid');
  return rows.map(({ kid }) => kid);
};
const addKey = (kid: string, unusedFor: string) =>
  app.database.query(
    `insert into signing_keys (kid, public_jwk, created_at, last_used_at) values ($1, '{}', now() - interval '90 days', now() - $2::interval)`,
    [kid, unusedFor],
  );

test('a signing key is removed when no server has had it for longer than a token lives', async () => {
  const [own = ''] = await kids();
  await addKey('of-a-server-that-runs', '50 minutes');
  await addKey('of-a-server-that-stopped-yesterday', '25 hours');
  await addKey('of-nobody', '49 hours');
  await retireSigningKeys(deps);
  expect(await kids()).toEqual([own, 'of-a-server-that-runs', 'of-a-server-that-stopped-yesterday'].sort());
});
