import { InviteRef } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { changeWorkspace } from '../change/change-workspace.ts';
import { inWorkspace } from '../access/scoped-procedures.ts';

export const revokeInvite = inWorkspace('workspace.invite', 'write')
  .input(InviteRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/workspaces/{workspace_id}/invites/{invite_id}',
      successStatus: 204,
      summary: 'Revoke an invitation',
      description: 'For Admins and Owners. People who already joined with it stay.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'role_too_low', 'invite_not_found'],
    },
  })
  .mutation(({ ctx, input: { workspaceId, inviteId } }) =>
    changeWorkspace(ctx, workspaceId, 'workspace.invite', async (tx, { change }) => {
      const { rowCount } = await tx.execute(sql`
        update workspace_invites set revoked_at = clock_timestamp()
        where id = ${inviteId} and workspace_id = ${workspaceId} and revoked_at is null`);
      if (rowCount === 0) throw refuse('invite_not_found');
      change.note('invite.revoked', { workspaceId, details: { inviteId } });
    }),
  );
