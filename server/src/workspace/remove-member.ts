import { WorkspaceMemberRef } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { changeWorkspace } from '../change/change-workspace.ts';
import { isAbove } from '../access/role.ts';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { endMembershipOrBot } from '../membership/end-bots.ts';
import { roleOfMember } from '../membership/workspace-memberships.ts';

export const removeMember = inWorkspace('workspace.removeMember', 'write')
  .input(WorkspaceMemberRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/workspaces/{workspace_id}/members/{user_id}',
      successStatus: 204,
      summary: 'Remove someone from a workspace',
      description:
        'For Admins and Owners. You can remove members whose role is below yours. This also ends all their ' +
        'memberships in the workspace’s chats.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'role_too_low', 'member_not_found'],
    },
  })
  .mutation(({ ctx, input: { workspaceId, userId } }) =>
    changeWorkspace(ctx, workspaceId, 'workspace.removeMember', async (tx, workspace) => {
      const role = await roleOfMember(tx, workspaceId, userId);
      if (!isAbove(workspace.role, role)) throw refuse('role_too_low');
      await endMembershipOrBot(workspace.change, workspaceId, userId);
      workspace.change.note('workspace.memberRemoved', { workspaceId, userId, details: { role } });
    }),
  );
