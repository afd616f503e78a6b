import { Workspace, WorkspaceCreate } from '@fechatter/contract';
import { schema } from '@fechatter/drizzle';
import { v7 as uuidv7 } from 'uuid';
import { makeChange } from '../change/change.ts';
import { judgeMemberships, lockMemberships } from '../limits/quotas.ts';
import { authed } from '../procedures.ts';
import { mustBeProved } from '../access/must-be-proved.ts';
import { mustBeActive } from '../access/must-be-active.ts';
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
    const workspaceId = uuidv7();
    const userId = ctx.principal.userId;
    await makeChange(ctx, async (change) => {
      await lockMemberships(change.tx, userId);
      await mustBeActive(change.tx, userId);
      await mustBeProved(change.tx, userId, ctx.deps.config);
      await judgeMemberships(change.tx, userId, ctx.deps.config.limits, 'Owner');
      await change.tx.insert(schema.workspaces).values({ id: workspaceId, name, description });
      await change.tx.insert(schema.workspaceHeads).values({ workspaceId });
      change.addNewHead('workspace', workspaceId, workspaceId);
      const joinedSeq = change.announceInWorkspace(workspaceId, 'workspace.memberJoined', {
        subjectId: userId,
        facts: { role: 'Owner' },
      });
      await change.tx.insert(schema.workspaceMembers).values({ workspaceId, userId, role: 'Owner', joinedSeq });
      change.note('workspace.created', { workspaceId });
    });
    return readWorkspace(ctx.deps.db, userId, workspaceId);
  });
