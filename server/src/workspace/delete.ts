import { WorkspaceRef } from '@fechatter/contract';
import { z } from 'zod';
import { changeWorkspace } from '../change/change-workspace.ts';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { closeWorkspace } from '../membership/close-workspace.ts';

export const deleteWorkspace = inWorkspace('workspace.delete', 'write')
  .input(WorkspaceRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/workspaces/{workspace_id}',
      successStatus: 204,
      summary: 'Delete a workspace',
      description:
        'For Owners. The workspace and all its chats are gone at once; the only event is one `workspace.deleted`. ' +
        'Their content is deleted in the background.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'role_too_low'],
    },
  })
  .mutation(({ ctx, input: { workspaceId } }) =>
    changeWorkspace(ctx, workspaceId, 'workspace.delete', (_, { change }) => closeWorkspace(change, workspaceId)),
  );
