import { type Person, refusal, testServer } from '@fechatter/server/testing';
import { afterAll, expect, test } from 'vitest';
import { workerDeps } from '../testing/worker-deps.ts';
import { forgetMemberships } from './forget-memberships.ts';

const app = await testServer();
const deps = workerDeps(app);
afterAll(async () => {
  await deps.db.close();
  await app[Symbol.asyncDispose]();
});
const forget = (signal = AbortSignal.timeout(60_000)) => forgetMemberships(deps, signal);
const membershipsOf = async (of: 'chat' | 'workspace', { id }: Person) => {
  const rows = await app.database.query<{ joined_seq: string }>(
    `select joined_seq from ${of}_members where user_id = $1 order by joined_seq`,
    [id],
  );
  return rows.map(({ joined_seq: seq }) => Number(seq));
};
/** Dates everything so far back by this many hours. */
const age = (hours: number) =>
  Promise.all(
    ['chat', 'workspace'].map((of) =>
      app.database.query(
        `update ${of}_members set left_at = left_at - make_interval(hours => $1), joined_at = joined_at - make_interval(hours => $1)`,
        [hours],
      ),
    ),
  );

test('of ended memberships those within the log and the newest are kept, and all open ones', async () => {
  const { alice, bob, workspace } = await app.workspaceOf('alice', 'bob');
  const { id: chatId } = await alice.trpc.chat.create.mutate({
    workspaceId: workspace.id,
    chatType: 'PublicChannel',
    name: 'a channel',
    memberIds: [],
  });
  const visit = async () => {
    await bob.trpc.chat.join.mutate({ chatId });
    await bob.trpc.chat.leave.mutate({ chatId });
  };
  await visit();
  await visit();
  await age(74);
  await visit();
  await visit();
  expect(await membershipsOf('chat', bob)).toEqual([2, 4, 6, 8]);
  await forget(AbortSignal.abort());
  expect(await membershipsOf('chat', bob)).toEqual([2, 4, 6, 8]);
  await Promise.all([forget(), forget()]);
  expect(await membershipsOf('chat', bob)).toEqual([6, 8]);
  await age(74);
  await forget();
  expect(await membershipsOf('chat', bob)).toEqual([8]);
  // Leaving again is not an error for a former member.
  await bob.trpc.chat.leave.mutate({ chatId });
  await bob.trpc.chat.join.mutate({ chatId });
  await age(74);
  await forget();
  expect(await membershipsOf('chat', bob)).toEqual([10]);
  expect(await membershipsOf('workspace', bob)).toHaveLength(1);
});

test('memberships of a workspace are kept as long as its audit log needs them', async () => {
  const { carol, workspace } = await app.workspaceOf('carol');
  const dave = await app.signUp('dave');
  const { token } = await carol.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Member', maxUses: 9 });
  const visit = async () => {
    await dave.trpc.workspace.acceptInvite.mutate({ token });
    await dave.trpc.workspace.leave.mutate({ workspaceId: workspace.id });
  };
  await visit();
  await visit();
  await age(364 * 24);
  await forget();
  expect(await membershipsOf('workspace', dave)).toHaveLength(2);
  await age(48);
  await forget();
  expect(await membershipsOf('workspace', dave)).toHaveLength(1);
  expect(await refusal(dave.trpc.workspace.get.query({ workspaceId: workspace.id }))).toMatchObject({
    reason: 'workspace_not_found',
  });
});

test('many memberships are deleted in steps, with a worker’s own rights', async () => {
  const { erin, workspace } = await app.workspaceOf('erin');
  const frank = await app.signUp('frank');
  const { id: chatId } = await erin.trpc.chat.create.mutate({
    workspaceId: workspace.id,
    chatType: 'Group',
    name: 'a group',
    memberIds: [],
  });
  await app.database.query(
    `insert into chat_members (chat_id, user_id, role, joined_seq, left_seq, last_read_seq, last_read_number, left_at)
     select $1, $2, 'Member', 2 * n, 2 * n + 1, 0, 0, now() - interval '74 hours' from generate_series(1, 12000) n`,
    [chatId, frank.id],
  );
  await forget();
  await expect(deps.db.pool.query('delete from chat_members')).rejects.toMatchObject({ code: '42501' });
  expect(await membershipsOf('chat', frank)).toEqual([24_000]);
});
