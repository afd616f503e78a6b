import { Workspace, WorkspaceUpdate } from '@fechatter/contract';
import { eq, schema, sql } from '@fechatter/drizzle';
import { changeWorkspace } from '../change/change-workspace.ts';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { readWorkspace } from './workspace-row.ts';

export const update = inWorkspace('workspace.update', 'write')
  .input(WorkspaceUpdate)
  .output(Workspace)
  .meta({
    openapi: {
      method: 'PATCH',
      path: '/workspaces/{workspace_id}',
      summary: 'Rename or describe a workspace',
      description:
        'For Admins and Owners. A missing key leaves its value unchanged; `description: null` removes the ' +
        'description. If nothing changes, no event is sent.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'role_too_low'],
    },
  })
  .mutation(async ({ ctx, input: { workspaceId, name, description } }) => {
    await changeWorkspace(ctx, workspaceId, 'workspace.update', async (tx, workspace) => {
      const { workspaces } = schema;
      const [before] = await tx.select().from(workspaces).where(eq(workspaces.id, workspaceId));
      const wanted = {
        name: name ?? before?.name,
        description: description === undefined ? before?.description : description,
      };
      if (wanted.name === before?.name && wanted.description === before?.description) return;
      await tx
        .update(workspaces)
        .set({ ...wanted, updatedAt: sql`clock_timestamp()` })
        .where(eq(workspaces.id, workspaceId));
      workspace.announce('workspace.updated');
      workspace.change.note('workspace.updated', { workspaceId });
    });
    return readWorkspace(ctx.deps.db, ctx.principal.userId, workspaceId);
  });
