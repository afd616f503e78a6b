import { testServer } from '@fechatter/server/testing';
import { expect, test } from 'vitest';
import { workerDeps } from '../testing/worker-deps.ts';
import { forgetExchangedTokens } from './forget-exchanged-tokens.ts';

test('exchanged tokens are deleted an hour after they expired', async () => {
  await using app = await testServer();
  const deps = workerDeps(app);
  await app.database.query(`
    insert into exchanged_tokens (token_hash, expires_at)
    values ('\\x01', now() - interval '61 minutes'), ('\\x02', now() - interval '59 minutes'), ('\\x03', now() + interval '1 day')`);
  await app.database.query(`
    insert into oidc_flows (state_hash, secret_hash, provider, nonce, verifier, expires_at)
    values ('\\x01', '', 'p', 'n', 'v', now() - interval '1 second'), ('\\x02', '', 'p', 'n', 'v', now() + interval '1 minute')`);
  // More than a batch.
  await app.database.query(`
    insert into oidc_flows (state_hash, secret_hash, provider, nonce, verifier, expires_at)
    select decode(lpad(to_hex(n), 8, '0'), 'hex'), '', 'p', 'n', 'v', now() - interval '1 minute' from generate_series(1, 1001) n`);
  await forgetExchangedTokens(deps, AbortSignal.timeout(60_000));
  const flows = await app.database.query(`select encode(state_hash, 'hex') as id from oidc_flows`);
  expect(flows).toEqual([{ id: '02' }]);
  const left = await app.database.query<{ id: string }>(
    `select encode(token_hash, 'hex') as id from exchanged_tokens order by 1`,
  );
  expect(left.map(({ id }) => id)).toEqual(['02', '03']);
  await deps.db.close();
});
