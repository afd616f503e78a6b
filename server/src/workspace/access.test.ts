import type { Reason, Role } from '@fechatter/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { brokenRules } from '../testing/invariants.ts';
import { isAtLeast } from '../access/role.ts';
import { type Client, refusal, testServer } from '../testing/index.ts';
import { stagedWorkspace } from '../testing/staged-workspace.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const [alice, bob, carol, dave, erin, fred] = await Promise.all(
  (['alice', 'bob', 'carol', 'dave', 'erin', 'fred'] as const).map((name) => app.signUp(name)),
);
if (!alice || !bob || !carol || !dave || !erin || !fred) throw new Error('six people');
/** Alice is Owner, bob Admin, carol a Member, fred a Guest; dave has left; erin was never in it, but is in another. */
const { id: workspaceId } = await stagedWorkspace(alice, { Admin: [bob], Member: [carol, dave], Guest: [fred] });
await dave.trpc.workspace.leave.mutate({ workspaceId });
await stagedWorkspace(erin);
const callers = {
  anonymous: app.anonymous,
  erin: erin.trpc,
  dave: dave.trpc,
  fred: fred.trpc,
  carol: carol.trpc,
  bob: bob.trpc,
};

type Call = (client: Client) => Promise<unknown>;
interface Verb {
  readonly least: Role;
  readonly good: Call;
  /** An input that names the workspace and is otherwise invalid. */
  readonly bad?: Call;
}
const verbs: Readonly<Record<string, Verb>> = {
  get: { least: 'Guest', good: ({ workspace }) => workspace.get.query({ workspaceId }) },
  update: {
    least: 'Admin',
    good: ({ workspace }) => workspace.update.mutate({ workspaceId, name: 'another name' }),
    bad: ({ workspace }) => workspace.update.mutate({ workspaceId, name: ' ' }),
  },
  delete: { least: 'Owner', good: ({ workspace }) => workspace.delete.mutate({ workspaceId }) },
  members: {
    least: 'Guest',
    good: ({ workspace }) => workspace.members.query({ workspaceId }),
    bad: ({ workspace }) => workspace.members.query({ workspaceId, limit: 101 }),
  },
  setRole: {
    least: 'Admin',
    good: ({ workspace }) => workspace.setRole.mutate({ workspaceId, userId: randomUUID(), role: 'Member' }),
    bad: ({ workspace }) => workspace.setRole.mutate({ workspaceId, userId: carol.id, role: 'Boss' as 'Owner' }),
  },
  removeMember: {
    least: 'Admin',
    good: ({ workspace }) => workspace.removeMember.mutate({ workspaceId, userId: randomUUID() }),
    bad: ({ workspace }) => workspace.removeMember.mutate({ workspaceId, userId: 'nobody' }),
  },
  leave: { least: 'Guest', good: ({ workspace }) => workspace.leave.mutate({ workspaceId }) },
  channels: {
    least: 'Guest',
    good: ({ workspace }) => workspace.channels.query({ workspaceId }),
    bad: ({ workspace }) => workspace.channels.query({ workspaceId, query: 'a\0b' }),
  },
  invite: {
    least: 'Admin',
    good: ({ workspace }) => workspace.invite.mutate({ workspaceId, role: 'Member' }),
    bad: ({ workspace }) => workspace.invite.mutate({ workspaceId, role: 'Member', maxUses: 0 }),
  },
  invites: {
    least: 'Admin',
    good: ({ workspace }) => workspace.invites.query({ workspaceId }),
    bad: ({ workspace }) => workspace.invites.query({ workspaceId, cursor: 'garbage' }),
  },
  revokeInvite: {
    least: 'Admin',
    good: ({ workspace }) => workspace.revokeInvite.mutate({ workspaceId, inviteId: randomUUID() }),
    bad: ({ workspace }) => workspace.revokeInvite.mutate({ workspaceId, inviteId: '1' }),
  },
  'chat.create': {
    least: 'Member',
    good: ({ chat }) => chat.create.mutate({ workspaceId, chatType: 'Group', name: 'a', memberIds: [randomUUID()] }),
    bad: ({ chat }) => chat.create.mutate({ workspaceId, chatType: 'Group', name: '', memberIds: [] }),
  },
  'chat.list': { least: 'Guest', good: ({ chat }) => chat.list.query({ workspaceId }) },
};

const refusals: Readonly<Record<Role, readonly (readonly [keyof typeof callers, Reason])[]>> = {
  Guest: [
    ['anonymous', 'not_signed_in'],
    ['erin', 'workspace_not_found'],
    ['dave', 'workspace_not_found'],
  ],
  Member: [['fred', 'role_too_low']],
  Admin: [['carol', 'role_too_low']],
  Owner: [['bob', 'role_too_low']],
};

describe.each(Object.entries(verbs))('%s', (_, { least, good, bad }) => {
  const lower = (['Guest', 'Member', 'Admin', 'Owner'] as const).filter((role) => isAtLeast(least, role));
  test.each(lower.flatMap((role) => refusals[role]))('refuses %s: %s', async (who, reason) => {
    expect(await refusal(good(callers[who]))).toMatchObject({ reason });
    // Only callers with the permission learn what is wrong with an input.
    if (bad !== undefined) expect(await refusal(bad(callers[who]))).toMatchObject({ reason });
  });
  if (bad !== undefined)
    test('reports bad input to callers with permission', async () => {
      expect(await refusal(bad(alice.trpc))).toMatchObject({ code: 'BAD_REQUEST' });
    });
});

test('a workspace that never existed looks like another person’s', async () => {
  const missing = { workspaceId: randomUUID() };
  expect(await refusal(alice.trpc.workspace.get.query(missing))).toMatchObject({
    code: 'NOT_FOUND',
    reason: 'workspace_not_found',
  });
  expect(await refusal(alice.trpc.workspace.get.query({ workspaceId: 'x' }))).toMatchObject({
    reason: 'invalid_input',
  });
});

test('refused calls have changed nothing', async () => {
  expect(await alice.trpc.workspace.get.query({ workspaceId })).toMatchObject({ name: 'a workspace', lastSeq: 6 });
  expect(await brokenRules(app.database)).toEqual({});
});
