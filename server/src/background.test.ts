import { inTransaction } from '@fechatter/drizzle';
import { afterAll, expect, test } from 'vitest';
import { runInBackground } from './background.ts';
import { requireKnownByAll } from './change/require-release.ts';
import { testServer } from './testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());

test('a server creates missing partitions of the log, and records its signing keys', async () => {
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
  // Using a key does not change its age: it signs from 60 s after its publication.
  await expect.poll(keyAges).toEqual([{ ...before, is_used: true }]);
  stop.abort();
  await done;
});

test('a new kind of event is appended once every running process has the release that introduced it', async () => {
  const announce = (since?: string) =>
    inTransaction(app.deps.db, (tx) =>
      requireKnownByAll(tx, [{ kind: 'chat.updated' }], () => ({ since })).then(
        () => 'announced',
        ({ reason }: { reason?: unknown }) => reason,
      ),
    );
  const outcomes = async (...releases: string[]) => {
    await app.database.query('delete from processes');
    for (const release of releases)
      await app.database.query(
        `insert into processes (id, service, release) values (gen_random_uuid(), 'notify', $1)`,
        [release],
      );
    return announce('0.2.0');
  };
  expect(await outcomes('0.2.0', '0.1.9')).toBe('upgrading');
  expect(await announce()).toBe('announced');
  await app.database.query(`update processes set seen_at = now() - interval '61 s' where release = '0.1.9'`);
  expect(await announce('0.2.0')).toBe('announced');
  expect(await outcomes('0.10.0')).toBe('announced');
});
