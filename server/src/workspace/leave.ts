import { WorkspaceRef } from '@fechatter/contract';
import { z } from 'zod';
import { changeWorkspace } from '../change/change-workspace.ts';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { endMembershipOrBot } from '../membership/end-bots.ts';
import { keepAnOwner } from '../membership/workspace-memberships.ts';

export const leave = inWorkspace('workspace.leave', 'write')
  .input(WorkspaceRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'POST',
      path: '/workspaces/{workspace_id}/leave',
      successStatus: 204,
      summary: 'Leave a workspace',
      description:
        'Also ends all your memberships in its chats. If you are the last Owner of a chat, its longest-standing ' +
        'Admin becomes Owner, or else its longest-standing Member.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'last_owner'],
    },
  })
  .mutation(({ ctx, input: { workspaceId } }) =>
    changeWorkspace(ctx, workspaceId, 'workspace.leave', async (tx, workspace) => {
      if (workspace.role === 'Owner') await keepAnOwner(tx, workspaceId, ctx.principal.userId);
      await endMembershipOrBot(workspace.change, workspaceId, ctx.principal.userId);
      workspace.change.note('workspace.memberLeft', { workspaceId, userId: ctx.principal.userId });
    }),
  );
