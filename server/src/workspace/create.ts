import { Workspace, WorkspaceCreate } from '@fechatter/contract';
import { makeChange } from '../change/change.ts';
import { checkMemberships, lockMemberships } from '../limits/quotas.ts';
import { authed } from '../procedures.ts';
import { mustBeProved } from '../access/must-be-proved.ts';
import { mustBeActive } from '../access/must-be-active.ts';
import { beginWorkspace } from './begin-workspace.ts';
import { readWorkspace } from './workspace-row.ts';

export const create = authed('write')
  .input(WorkspaceCreate)
  .output(Workspace)
  .meta({
    openapi: {
      method: 'POST',
      path: '/workspaces',
      successStatus: 201,
      summary: 'Create a workspace',
      description:
        'You become its Owner and first member. You can be in at most 200 workspaces, and own at most 100. The ' +
        'operator may require a verified address.',
      tags: ['workspace'],
      refusals: ['quota_exceeded', 'email_unverified', 'rate_limited'],
    },
  })
  .mutation(async ({ ctx, input: { name, description = null } }) => {
    const userId = ctx.principal.userId;
    const workspaceId = await makeChange(ctx, async (change) => {
      await lockMemberships(change.tx, userId);
      await mustBeActive(change.tx, userId);
      await mustBeProved(change.tx, userId, ctx.deps.config);
      await checkMemberships(change.tx, userId, ctx.deps.config.limits, 'Owner');
      return beginWorkspace(change, userId, { name, description });
    });
    return readWorkspace(ctx.deps.db, userId, workspaceId);
  });
