import { afterAll, expect, test } from 'vitest';
import { runInBackground } from './background.ts';
import { testServer } from './testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());

test('a server makes missing partitions of the log, and says that it has its keys', async () => {
  await app.database.query('drop table event_log_p3');
  await app.database.query(`update signing_keys set last_used_at = now() - interval '3 days'`);
  const keyAges = () =>
    app.database.query(
      `select created_at, last_used_at > now() - interval '1 minute' as is_used from signing_keys order by kid`,
    );
  const [before] = await keyAges();
  const stop = new AbortController();
  const done = runInBackground(app.deps, stop.signal);
  await expect
    .poll(() => app.database.query("select to_regclass('event_log_p3') is not null as is_made"))
    .toEqual([{ is_made: true }]);
  // Use makes a key no younger: it signs from 60 s after its publication.
  await expect.poll(keyAges).toEqual([{ ...before, is_used: true }]);
  stop.abort();
  await done;
});
