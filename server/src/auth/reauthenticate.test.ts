import { afterAll, expect, test } from 'vitest';
import { type Person, refusal, signedIn, testServer } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());

/** Dates these sessions back. */
const age = ({ id }: Person, minutes: number) =>
  app.database.query('update sessions set authenticated_at = now() - make_interval(mins => $2) where user_id = $1', [
    id,
    minutes,
  ]);
const needed = { code: 'FORBIDDEN', reason: 'reauthentication_needed' };

test('exports need a sign-in of the last ten minutes, or the password again', async () => {
  const { owen, workspace } = await app.workspaceOf('owen');
  const { trpc, password } = owen;
  const exports = [() => trpc.user.export.query(), () => trpc.workspace.export.query({ workspaceId: workspace.id })];
  await age(owen, 9);
  for (const ask of exports) expect((await ask()).lines.length).toBeGreaterThan(0);
  await age(owen, 11);
  for (const ask of exports) expect(await refusal(ask())).toMatchObject(needed);
  const before = Date.now();
  const { freshUntil } = await trpc.auth.reauthenticate.mutate({ currentPassword: password });
  expect(freshUntil.getTime()).toBeGreaterThan(before + 9 * 60_000);
  for (const ask of exports) expect((await ask()).lines.length).toBeGreaterThan(0);
});

test('an export that has started continues', async () => {
  const alma = await app.signUp('alma');
  const first = await alma.trpc.user.export.query({ limit: 1 });
  await age(alma, 11);
  const next = await alma.trpc.user.export.query({ limit: 1, cursor: first.nextCursor ?? '' });
  expect(next.lines).toHaveLength(1);
});

test('a reauthentication counts only for its own session, and a refresh is none', async () => {
  const bea = await app.signUp('bea');
  const { email, password } = bea;
  const session = await app.anonymous.auth.signin.mutate({ email, password });
  await age(bea, 11);
  await bea.trpc.auth.reauthenticate.mutate({ currentPassword: password });
  const refreshed = await app.anonymous.auth.refresh.mutate({ refreshToken: session.refreshToken });
  expect(await refusal(signedIn(app.url, refreshed).user.export.query())).toMatchObject(needed);
});

test('a wrong password does not reauthenticate, and after ten the right one is refused too, only in this session', async () => {
  const cleo = await app.signUp('cleo');
  const { email, password } = cleo;
  const other = signedIn(app.url, await app.anonymous.auth.signin.mutate({ email, password }));
  await age(cleo, 11);
  const guess = (currentPassword: string) => refusal(cleo.trpc.auth.reauthenticate.mutate({ currentPassword }));
  for (let n = 0; n < 10; n++) expect(await guess('a guess')).toMatchObject({ reason: 'wrong_password' });
  expect(await guess(password)).toMatchObject({ reason: 'rate_limited' });
  expect(await refusal(cleo.trpc.user.export.query())).toMatchObject(needed);
  expect(await other.auth.reauthenticate.mutate({ currentPassword: password })).toBeDefined();
});

test('an account is erased without its password only after a reauthentication', async () => {
  const [dora, emma] = [await app.signUp('dora'), await app.signUp('emma')];
  await age(dora, 11);
  expect(await refusal(dora.trpc.user.erase.mutate({ confirmation: 'erase' }))).toMatchObject(needed);
  expect(await dora.trpc.user.me.query()).toMatchObject({ id: dora.id });
  await emma.trpc.user.erase.mutate({ confirmation: 'erase' });
  expect(await refusal(emma.trpc.user.me.query())).toMatchObject({ reason: 'session_revoked' });
});

test('a session that was ended on another server cannot reauthenticate', async () => {
  const finn = await app.signUp('finn');
  await app.database.query('update sessions set revoked_at = now() where user_id = $1', [finn.id]);
  const again = finn.trpc.auth.reauthenticate.mutate({ currentPassword: finn.password });
  expect(await refusal(again)).toMatchObject({ reason: 'session_revoked' });
});
