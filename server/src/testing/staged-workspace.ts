import type { Role, Workspace } from '@fechatter/contract';
import type { Person } from './index.ts';

/** For tests: a new workspace of `owner`, and these people in it with these roles. */
export async function stagedWorkspace(
  owner: Person,
  people: Readonly<Partial<Record<Role, readonly Person[]>>> = {},
): Promise<Workspace> {
  const workspace = await owner.trpc.workspace.create.mutate({ name: 'a workspace' });
  const workspaceId = workspace.id;
  for (const role of ['Owner', 'Admin', 'Member', 'Guest'] as const) {
    const invited = people[role] ?? [];
    if (invited.length === 0) continue;
    const { token } = await owner.trpc.workspace.invite.mutate({ workspaceId, role, maxUses: invited.length });
    await Promise.all(invited.map(({ trpc }) => trpc.workspace.acceptInvite.mutate({ token })));
  }
  return workspace;
}
