import { limits } from '@fechatter/contract';
import { afterAll, describe, expect, test } from 'vitest';
import { rawCall, refusal, signedIn, testServer } from '../testing/index.ts';

// Low quotas, so that a test reaches them; per-minute budgets are off except where they are tested.
const app = await testServer({
  FECHATTER_LIMITS_WORKSPACES_PER_PERSON: '4',
  FECHATTER_LIMITS_WORKSPACES_OWNED: '3',
  FECHATTER_LIMITS_CHATS_PER_WORKSPACE: '5',
  FECHATTER_LIMITS_OPEN_INVITES: '2',
});
afterAll(() => app[Symbol.asyncDispose]());
const quota = { code: 'CONFLICT', reason: 'quota_exceeded' };

test('a person owns and is in a limited number of workspaces, also with concurrent calls', async () => {
  const ada = await app.signUp('ada');
  const makings = await Promise.allSettled(
    Array.from({ length: 12 }, (_, n) => ada.trpc.workspace.create.mutate({ name: `w${n}` })),
  );
  expect(makings.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  expect(await refusal(ada.trpc.workspace.create.mutate({ name: 'more' }))).toMatchObject(quota);
  const invites = await Promise.all(
    ['ben', 'cyd'].map(async (name) => {
      const owner = await app.signUp(name);
      const { id } = await owner.trpc.workspace.create.mutate({ name });
      return owner.trpc.workspace.invite.mutate({ workspaceId: id, role: 'Member' });
    }),
  );
  const accepted = await Promise.allSettled(
    invites.map(({ token }) => ada.trpc.workspace.acceptInvite.mutate({ token })),
  );
  expect(accepted.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const { workspaces } = await ada.trpc.workspace.list.query({});
  expect(workspaces).toHaveLength(4);
  // There is room for one again: the refused use was not counted.
  await ada.trpc.workspace.delete.mutate({ workspaceId: workspaces.find(({ role }) => role === 'Owner')?.id ?? '' });
  const [left] = invites.filter((_, n) => accepted[n]?.status === 'rejected');
  await ada.trpc.workspace.acceptInvite.mutate({ token: left?.token ?? '' });
});

test('a workspace has a limited number of chats and open invitations; deleted, revoked and used ones do not count', async () => {
  const { dan, eve, workspace } = await app.workspaceOf('dan', 'eve');
  const workspaceId = workspace.id;
  const group = () => dan.trpc.chat.create.mutate({ workspaceId, chatType: 'Group', name: 'g', memberIds: [eve.id] });
  const { chats } = await dan.trpc.chat.list.query({ workspaceId });
  const made = await Promise.all(Array.from({ length: 5 - chats.length }, group));
  expect(await refusal(group())).toMatchObject(quota);
  await dan.trpc.chat.delete.mutate({ chatId: made[0]?.id ?? '' });
  await group();
  const invite = () => dan.trpc.workspace.invite.mutate({ workspaceId, role: 'Member' });
  const { invites } = await dan.trpc.workspace.invites.query({ workspaceId });
  for (const { id } of invites) await dan.trpc.workspace.revokeInvite.mutate({ workspaceId, inviteId: id });
  const first = await invite();
  await invite();
  expect(await refusal(invite())).toMatchObject(quota);
  await dan.trpc.workspace.revokeInvite.mutate({ workspaceId, inviteId: first.id });
  await invite();
});

describe('by the hour, over all servers', () => {
  test('a person creates a limited number of chats; a repeat does not count', async () => {
    const slow = await app.another({ FECHATTER_LIMITS_CHATS_PER_HOUR: '2' });
    const { fay, workspace } = await app.workspaceOf('fay');
    const client = signedIn(slow.url, fay.session);
    const clientId = '0190a000-0000-7000-8000-000000000001';
    const input = { workspaceId: workspace.id, chatType: 'Group' as const, name: 'g', memberIds: [] };
    for (let n = 0; n < 5; n++) await client.chat.create.mutate({ ...input, clientId });
    await client.chat.create.mutate(input);
    expect(await refusal(client.chat.create.mutate(input))).toMatchObject({ reason: 'rate_limited' });
  });

  test('profile changes and exports are limited; pages of an export are not counted', async () => {
    const slow = await app.another({
      FECHATTER_LIMITS_PROFILE_CHANGES_PER_HOUR: '2',
      FECHATTER_LIMITS_EXPORTS_PER_HOUR: '1',
    });
    const client = signedIn(slow.url, (await app.signUp('gus')).session);
    for (const fullName of ['G', 'Gu']) await client.user.update.mutate({ fullName });
    expect(await refusal(client.user.update.mutate({ fullName: 'Gus' }))).toMatchObject({ reason: 'rate_limited' });
    const { nextCursor } = await client.user.export.query({ limit: 1 });
    await client.user.export.query({ limit: 1, cursor: nextCursor ?? '' });
    expect(await refusal(client.user.export.query({}))).toMatchObject({ reason: 'rate_limited' });
  });
});

test('a budget counts every call of a person, over either wire and in a batch, and is reported', async () => {
  const tight = await app.another({ FECHATTER_LIMITS_READS_PER_MINUTE: '30', FECHATTER_LIMITS_HEAVY_PER_MINUTE: '1' });
  const { hal, workspace } = await app.workspaceOf('hal');
  const headers = { authorization: `Bearer ${hal.session.token}` };
  const batch = Array.from({ length: limits.batchMaxCalls }, () => 'user.me').join(',');
  const statuses = async () => (await fetch(`${tight.url}/trpc/${batch}?batch=1`, { headers })).status;
  expect([await statuses(), await statuses(), await statuses()]).toEqual([200, 207, 429]);
  const over = await fetch(`${tight.url}/api/users/me`, { headers });
  expect([over.status, over.headers.get('ratelimit-limit'), over.headers.get('ratelimit-remaining')]).toEqual([
    429,
    '30',
    '0',
  ]);
  expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
  // A person without reads left can still write, and end their sessions.
  expect((await rawCall(tight.url, 'workspace.update', { workspaceId: workspace.id, name: 'n' }, headers)).status).toBe(
    200,
  );
  const ivy = signedIn(tight.url, (await app.signUp('ivy')).session);
  const { id: workspaceId } = await ivy.workspace.create.mutate({ name: 'w' });
  await ivy.workspace.channels.query({ workspaceId });
  await ivy.workspace.channels.query({ workspaceId, query: 'a' });
  expect(await refusal(ivy.workspace.channels.query({ workspaceId, query: 'a' }))).toMatchObject({
    reason: 'rate_limited',
  });
  await ivy.auth.signoutAll.mutate();
});
