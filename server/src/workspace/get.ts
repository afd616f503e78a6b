import { Workspace, WorkspaceRef } from '@fechatter/contract';
import { authed } from '../procedures.ts';
import { readWorkspace } from './workspace-row.ts';

export const get = authed('read')
  .input(WorkspaceRef)
  .output(Workspace)
  .meta({
    keyPermission: 'workspace.read',
    openapi: {
      method: 'GET',
      path: '/workspaces/{workspace_id}',
      summary: 'Read a workspace',
      description: 'For members. `role` is yours; `lastSeq` is the workspace’s newest event.',
      tags: ['workspace'],
      refusals: ['workspace_not_found'],
    },
  })
  .query(({ ctx: { deps, principal }, input }) => readWorkspace(deps.db, principal.userId, input.workspaceId));
