import { afterAll, expect, test } from 'vitest';
import { testServer } from '../testing/index.ts';
import { retireSigningKeys } from './retire-signing-keys.ts';
import { publishedKeys } from './signing-keys.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());

const kids = async () => (await publishedKeys(app.db)).map(({ kid }) => kid);
const addKey = (kid: string, unusedFor: string) =>
  app.database.query(
    `insert into signing_keys (kid, public_jwk, created_at, last_used_at) values ($1, '{}', now() - interval '90 days', now() - $2::interval)`,
    [kid, unusedFor],
  );

test('a key goes when nobody has had it for longer than a token lives', async () => {
  const [own = ''] = await kids();
  await addKey('of-a-server-that-runs', '50 minutes');
  await addKey('of-a-server-that-stopped-yesterday', '25 hours');
  await addKey('of-nobody', '49 hours');
  await retireSigningKeys(app.deps);
  expect((await kids()).sort()).toEqual([own, 'of-a-server-that-runs', 'of-a-server-that-stopped-yesterday'].sort());
});

test('the keys of a server stay for as long as it runs, and tokens with them', async () => {
  const alice = await app.signUp('alice');
  const before = await kids();
  await app.database.query(`update signing_keys set last_used_at = now() - interval '3 days'`);
  await retireSigningKeys(app.deps);
  expect(await kids()).toEqual([before.find((kid) => !kid.startsWith('of-'))]);
  expect((await app.another()).deps.config.auth.signingKeys.map(({ kid }) => kid)).toEqual(await kids());
  expect(await alice.trpc.user.me.query()).toMatchObject({ id: alice.id });
});

test('that it is used does not make a key younger: it signs from 60 s after its publication', async () => {
  const age = async () => {
    const [row] = await app.database.query<{ created_at: Date }>('select created_at from signing_keys');
    return row?.created_at;
  };
  const before = await age();
  await retireSigningKeys(app.deps);
  expect(await age()).toEqual(before);
});
