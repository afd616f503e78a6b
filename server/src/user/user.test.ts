import { expect, test } from 'vitest';
import { refusal, testServer } from '../testing/index.ts';

test('a caller sees their own address, and not those of people in the same workspace', async () => {
  await using app = await testServer();
  const { alice, bob } = await app.workspaceOf('alice', 'bob');
  const seen = await alice.trpc.user.get.query({ userId: bob.id });
  expect(seen).toEqual({
    id: bob.id,
    kind: 'Person',
    fullName: 'bob',
    avatarUrl: null,
    status: 'Active',
    createdAt: expect.any(Date),
  });
  expect(await bob.trpc.user.me.query()).toEqual({ ...seen, email: bob.email, emailVerifiedAt: null });
  expect(await bob.trpc.user.get.query({ userId: bob.id })).toEqual(seen);
});

test('people outside the workspace, and former members, are not found', async () => {
  await using app = await testServer();
  const { alice, bob, workspace } = await app.workspaceOf('alice', 'bob');
  const carol = await app.signUp('carol');
  const ask = (userId: string) => refusal(alice.trpc.user.get.query({ userId }));
  const notFound = { code: 'NOT_FOUND', reason: 'user_not_found' };
  expect(await ask(carol.id)).toMatchObject(notFound);
  expect(await ask('00000000-0000-7000-8000-000000000000')).toMatchObject(notFound);
  expect(await ask('x')).toMatchObject({ reason: 'invalid_input' });
  await bob.trpc.workspace.leave.mutate({ workspaceId: workspace.id });
  expect(await ask(bob.id)).toMatchObject(notFound);
  expect(await refusal(app.anonymous.user.get.query({ userId: alice.id }))).toMatchObject({ reason: 'not_signed_in' });
  expect(await refusal(app.anonymous.user.update.mutate({}))).toMatchObject({ reason: 'not_signed_in' });
});

test('a change is an event in each workspace; missing keys stay, null clears', async () => {
  await using app = await testServer();
  const { alice, workspace: first } = await app.workspaceOf('alice', 'bob');
  const second = await alice.trpc.workspace.create.mutate({ name: 'another workspace' });
  const before = (await app.events()).length;
  const avatarUrl = 'https://example.com/a.png';
  expect(await alice.trpc.user.update.mutate({ fullName: 'Alice A.', avatarUrl })).toMatchObject({
    fullName: 'Alice A.',
    avatarUrl,
  });
  expect(await alice.trpc.user.update.mutate({ avatarUrl: null })).toMatchObject({
    fullName: 'Alice A.',
    avatarUrl: null,
  });
  expect(await alice.trpc.user.update.mutate({})).toEqual(await alice.trpc.user.me.query());
  const expected = { kind: 'user.updated', subjectId: alice.id, userId: null, chatId: null };
  expect((await app.events()).slice(before)).toMatchObject([
    { ...expected, workspaceId: first.id, workspaceSeq: 3 },
    { ...expected, workspaceId: second.id, workspaceSeq: 2 },
    { ...expected, workspaceId: first.id, workspaceSeq: 4 },
    { ...expected, workspaceId: second.id, workspaceSeq: 3 },
  ]);
});

test('a person in no workspace receives the event alone', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  await alice.trpc.user.update.mutate({ fullName: 'Alice A.' });
  expect(await app.events()).toMatchObject([
    { kind: 'user.updated', userId: alice.id, subjectId: alice.id, workspaceId: null },
  ]);
});

test('bad input changes nothing', async () => {
  await using app = await testServer();
  const alice = await app.signUp('alice');
  for (const bad of [
    { fullName: ' ' },
    { fullName: 'a\0b' },
    { avatarUrl: 'http://example.com/a' },
    { avatarUrl: 'javascript:x' },
  ])
    expect(await refusal(alice.trpc.user.update.mutate(bad)), JSON.stringify(bad)).toMatchObject({
      reason: 'invalid_input',
    });
  expect(await app.events()).toEqual([]);
});

test('a change that races joins and leaves is an event in exactly the person’s workspaces', async () => {
  await using app = await testServer();
  const { owner, alice } = await app.workspaceOf('owner', 'alice');
  const invites = await Promise.all(
    Array.from({ length: 6 }, () => owner.trpc.workspace.create.mutate({ name: 'one more' })).map(async (made) => {
      const { id: workspaceId } = await made;
      return owner.trpc.workspace.invite.mutate({ workspaceId, role: 'Member' });
    }),
  );
  const names = Array.from({ length: 6 }, (_, n) => `Alice ${n}`);
  await Promise.all([
    ...invites.map(({ token }) => alice.trpc.workspace.acceptInvite.mutate({ token })),
    ...names.map((fullName) => alice.trpc.user.update.mutate({ fullName })),
  ]);
  // What the members of each workspace received is current: the last event is not older than the last change.
  expect((await app.events()).filter(({ kind }) => kind === 'user.updated').length).toBeGreaterThanOrEqual(
    names.length,
  );
  const { fullName } = await alice.trpc.user.me.query();
  expect(names).toContain(fullName);
  const stale = await app.database.query(
    `select from workspace_members m where m.user_id = $1 and not exists (
       select from event_log e join users u on u.id = m.user_id
       where e.workspace_id = m.workspace_id and e.code in (21, 23) and e.subject_id = u.id and e.created_at >= u.updated_at)`,
    [alice.id],
  );
  expect(stale).toEqual([]);
});
