import { until } from '@fechatter/testing/until';
import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { refusal, signedIn, testServer, publishedSignals } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob } = await app.workspaceOf('alice', 'bob');
const stranger = await app.signUp('stranger');
const { database } = app;

/** An instance of notify at which these people have a stream, until it dies. */
async function instanceOf(...userIds: readonly string[]) {
  const id = randomUUID();
  const by = userIds.map(() => randomUUID());
  await database.query(`select presence_write($1, 75000, $2, $3, '{}', '{}', '{}', '{}')`, [id, userIds, by]);
  return {
    go: (...gone: string[]) =>
      database.query(`select presence_write($1, 75000, '{}', '{}', $2, '{}', '{}', '{}')`, [id, gone]),
    die: () => database.query(`update presence_instances set leased_until = now() where id = $1`, [id]),
  };
}
const timePasses = (interval: string) =>
  database.query(`update presence_activity set active_at = active_at - $1::interval`, [interval]);
const seen = async (who: typeof alice, ...userIds: string[]) =>
  (await who.trpc.user.presence.query({ userIds })).presences.map(({ presence }) => presence);

test('a person is online with a stream and activity, idle without activity, and offline when no instance has them', async () => {
  const look = async () => (await seen(bob, alice.id))[0];
  expect(await look()).toBe('offline');
  await alice.trpc.user.setActivity.mutate({ isActive: true });
  expect(await look()).toBe('offline');
  await timePasses('5 minutes');
  const [first, second] = [await instanceOf(alice.id), await instanceOf(alice.id)];
  // Coming online counts as activity; a second connection does not.
  expect(await look()).toBe('online');
  await timePasses('4 minutes 55 seconds');
  expect(await look()).toBe('online');
  await timePasses('5 seconds');
  expect(await look()).toBe('idle');
  const third = await instanceOf(alice.id);
  expect(await look()).toBe('idle');
  await alice.trpc.user.setActivity.mutate({ isActive: true });
  expect(await look()).toBe('online');
  await first.go(alice.id);
  await third.die();
  expect(await look()).toBe('online');
  await second.die();
  expect(await look()).toBe('offline');
});

test('activity belongs to a device: another idle one does not end it', async () => {
  const instance = await instanceOf(alice.id);
  const session = await app.anonymous.auth.signin.mutate({ email: alice.email, password: alice.password });
  const phone = { session, trpc: signedIn(app.url, session) };
  await alice.trpc.user.setActivity.mutate({ isActive: true });
  await phone.trpc.user.setActivity.mutate({ isActive: true });
  await phone.trpc.user.setActivity.mutate({ isActive: false });
  expect(await seen(bob, alice.id)).toEqual(['online']);
  const sessions = [alice, phone].map(({ session: { token } }) => decodeJwt(token)['sid']);
  // What the instance took for activity of the session by which they came is over by now.
  await database.query(`delete from presence_activity where user_id = $1 and session_id <> all ($2)`, [
    alice.id,
    sessions,
  ]);
  await alice.trpc.user.setActivity.mutate({ isActive: false });
  expect(await seen(bob, alice.id)).toEqual(['idle']);
  await instance.die();
});

test('people without a shared workspace look the same as people who do not exist', async () => {
  const instance = await instanceOf(alice.id, bob.id, stranger.id);
  await alice.trpc.user.setStatus.mutate({ text: 'in Rome' });
  const nobody = randomUUID();
  expect(await seen(bob, stranger.id, nobody, alice.id, bob.id)).toEqual(['offline', 'offline', 'online', 'online']);
  const { presences } = await stranger.trpc.user.presence.query({ userIds: [alice.id, stranger.id] });
  expect(presences).toEqual([
    { userId: alice.id, presence: 'offline', customStatus: null },
    { userId: stranger.id, presence: 'online', customStatus: null },
  ]);
  await alice.trpc.user.setStatus.mutate({});
  await instance.die();
});

test('a response has each person once, in the order of the request, up to a hundred', async () => {
  const ids = [bob.id, alice.id, bob.id];
  const { presences } = await alice.trpc.user.presence.query({ userIds: ids });
  expect(presences.map(({ userId }) => userId)).toEqual([bob.id, alice.id]);
  const many = Array.from({ length: 101 }, () => randomUUID());
  expect((await alice.trpc.user.presence.query({ userIds: many.slice(1) })).presences).toHaveLength(100);
  for (const userIds of [many, [], ['not an id']])
    expect(await refusal(alice.trpc.user.presence.query({ userIds }))).toMatchObject({ reason: 'invalid_input' });
});

test('a custom status is an emoji, a text or both, expires, and can be removed', async () => {
  const look = async () => (await bob.trpc.user.presence.query({ userIds: [alice.id] })).presences[0]?.customStatus;
  const set = async (status: object) => (await alice.trpc.user.setStatus.mutate(status)).customStatus;
  expect(await set({ emoji: '❤', text: 'in Rome' })).toEqual({ emoji: '❤️', text: 'in Rome', expiresAt: null });
  expect(await look()).toEqual({ emoji: '❤️', text: 'in Rome', expiresAt: null });
  const brief = await set({ text: 'lunch', expiresInSeconds: 3_600 });
  expect(brief).toEqual({ emoji: null, text: 'lunch', expiresAt: expect.any(Date) });
  const [{ left } = { left: 0 }] = await database.query<{ left: number }>(
    'select extract(epoch from expires_at - now())::float8 as left from custom_statuses where user_id = $1',
    [alice.id],
  );
  expect(left).toBeGreaterThan(3_500);
  expect(left).toBeLessThanOrEqual(3_600);
  await database.query(`update custom_statuses set expires_at = now() where user_id = $1`, [alice.id]);
  expect(await look()).toBeNull();
  await set({ emoji: '🌴' });
  expect(await set({})).toBeNull();
  expect(await look()).toBeNull();
});

test('an invalid status is refused', async () => {
  const set = (status: object) => refusal(alice.trpc.user.setStatus.mutate(status));
  for (const emoji of ['x', '👍👍', ':palm:']) expect(await set({ emoji })).toMatchObject({ reason: 'not_an_emoji' });
  for (const status of [
    { text: 'x'.repeat(101) },
    { text: '' },
    { text: '\u200b' },
    { text: 'two\nlines' },
    { text: 'a\u202eb' },
    { emoji: 'x'.repeat(65) },
    { expiresInSeconds: 60 },
    { text: 'x', expiresInSeconds: 0 },
    { text: 'x', expiresInSeconds: 31_536_001 },
    { text: 'x', expiresInSeconds: 1.5 },
  ])
    expect(await set(status)).toMatchObject({ reason: 'invalid_input' });
  await alice.trpc.user.setStatus.mutate({ text: 'x'.repeat(100) });
  await alice.trpc.user.setStatus.mutate({});
});

test('hints are sent when presence has changed, and not otherwise', async () => {
  await using published = await publishedSignals(database);
  const [dan, eve] = [await app.signUp('dan'), await app.signUp('eve')];
  const instance = await instanceOf(dan.id);
  const of = ({ id }: typeof dan) =>
    published.hints.filter((hint) => hint.kind === 'presence.changed' && hint.userId === id);
  await dan.trpc.user.setActivity.mutate({ isActive: true });
  await eve.trpc.user.setStatus.mutate({ text: 'a fence' });
  await until(() => of(eve).length === 1, 'the fence');
  expect(of(dan)).toEqual([]);
  await timePasses('5 minutes');
  await dan.trpc.user.setActivity.mutate({ isActive: true });
  await until(() => of(dan).length === 1, 'active again');
  await database.query('delete from presence_activity where user_id = $1 and session_id <> $2', [
    dan.id,
    decodeJwt(dan.session.token)['sid'],
  ]);
  await dan.trpc.user.setActivity.mutate({ isActive: false });
  await until(() => of(dan).length === 2, 'not active any more');
  await instance.die();
});

test('an erased account has no status and no activity, and gets none any more; an export shows what there is', async () => {
  const carol = await app.signUp('carol');
  await carol.trpc.user.setActivity.mutate({ isActive: true });
  await carol.trpc.user.setStatus.mutate({ emoji: '🌴', text: 'away' });
  const { lines } = await carol.trpc.user.export.query();
  expect(lines.filter(({ type }) => type === 'customStatus')).toEqual([
    { type: 'customStatus', emoji: '🌴', text: 'away', expiresAt: null },
  ]);
  await carol.trpc.user.erase.mutate({ password: carol.password, confirmation: 'erase' });
  for (const table of ['custom_statuses', 'presence_activity'])
    expect(await database.query(`select from ${table} where user_id = $1`, [carol.id])).toEqual([]);
});
