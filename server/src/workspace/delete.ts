import { WorkspaceRef } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { z } from 'zod';
import { changeWorkspace } from '../door/change-workspace.ts';
import { inWorkspace } from '../door/scoped.ts';

export const deleteWorkspace = inWorkspace('Owner')
  .input(WorkspaceRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/workspaces/{workspace_id}',
      successStatus: 204,
      summary: 'Delete a workspace',
      description:
        'For Owners. The workspace and all its chats are gone at once, announced by one `workspace.deleted`; content is wiped behind.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'role_too_low'],
    },
  })
  .mutation(({ ctx, input: { workspaceId } }) =>
    changeWorkspace(ctx, workspaceId, 'Owner', async (tx, workspace) => {
      const leftSeq = workspace.announce('workspace.deleted');
      // Ascending, as whoever gives places in chats holds them.
      await tx.execute(sql`
        select 1 from workspace_members where workspace_id = ${workspaceId} and left_seq is null
        order by user_id for no key update`);
      await tx.execute(sql`
        update workspace_members set left_seq = ${leftSeq} where workspace_id = ${workspaceId} and left_seq is null`);
      await tx.execute(sql`update workspaces set deleted_at = clock_timestamp() where id = ${workspaceId}`);
    }),
  );
