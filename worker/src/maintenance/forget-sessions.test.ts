import { afterAll, expect, test } from 'vitest';
import { testServer } from '@fechatter/server/testing';
import { workerDeps } from '../testing/worker-deps.ts';
import { forgetSessions } from './forget-sessions.ts';

const app = await testServer();
const deps = workerDeps(app);
afterAll(async () => {
  await deps.db.close();
  await app[Symbol.asyncDispose]();
});

const forget = () => forgetSessions(deps, new AbortController().signal);
const sessionsOf = async (userId: string) => {
  const rows = await app.database.query<{ id: string }>('select id from sessions where user_id = $1', [userId]);
  return rows.map(({ id }) => id);
};

test('a session that ended a week ago is deleted with its tickets, in batches; others stay', async () => {
  const alice = await app.signUp('alice');
  const [kept = ''] = await sessionsOf(alice.id);
  await app.database.query(
    `with old as (insert into sessions (id, user_id, refresh_hash, expires_at, revoked_at)
       select gen_random_uuid(), $1, '\\x00', now() + interval '1 day', now() - interval '8 days' from generate_series(1, 1100) returning id)
     insert into stream_tickets (ticket_hash, session_id, expires_at) select uuid_send(id), id, now() from old`,
    [alice.id],
  );
  await app.database.query(
    `insert into sessions (id, user_id, refresh_hash, expires_at) select gen_random_uuid(), $1, '\\x00', now() - days
     from unnest(array[interval '8 days', interval '6 days']) days`,
    [alice.id],
  );
  await forget();
  const left = await sessionsOf(alice.id);
  expect(left).toHaveLength(2);
  expect(left).toContain(kept);
  expect(await app.database.query('select from stream_tickets')).toEqual([]);
  expect(await alice.trpc.user.me.query()).toMatchObject({ id: alice.id });
});

test('tokens of a deleted session are refused as before', async () => {
  const bob = await app.signUp('bob');
  await app.database.query(`update sessions set revoked_at = now() - interval '8 days' where user_id = $1`, [bob.id]);
  const { refreshToken } = bob.session;
  const refresh = () =>
    app.anonymous.auth.refresh.mutate({ refreshToken }).then(String, ({ data }: { data: object }) => data);
  const before = await refresh();
  await forget();
  expect(await sessionsOf(bob.id)).toEqual([]);
  expect(await refresh()).toMatchObject({ reason: 'refresh_invalid' });
  expect(before).toMatchObject({ reason: 'refresh_invalid' });
});

test('reuse of a refresh token is still detected while its session is live', async () => {
  const carol = await app.signUp('carol');
  const first = carol.session.refreshToken;
  const second = await app.anonymous.auth.refresh.mutate({ refreshToken: first });
  await app.anonymous.auth.refresh.mutate({ refreshToken: second.refreshToken });
  await forget();
  await expect(app.anonymous.auth.refresh.mutate({ refreshToken: first })).rejects.toThrow();
  const [session] = await app.database.query<{ revoked: boolean }>(
    'select revoked_at is not null as revoked from sessions where user_id = $1',
    [carol.id],
  );
  expect(session).toEqual({ revoked: true });
});
