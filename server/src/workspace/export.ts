import { WorkspaceExport, WorkspacePage } from '@fechatter/contract';
import { makeChange } from '../door/change.ts';
import { judgeWorkspace } from '../door/judge-workspace.ts';
import { inWorkspace } from '../door/scoped.ts';
import { Place, readPage } from '../export/walk.ts';
import { workspaceSteps } from '../export/workspace-steps.ts';
import { pagesOf } from '../page-cursor.ts';

const pages = pagesOf(
  'workspace.export',
  Place.refine(({ step }) => step < workspaceSteps.length),
  (place: Place) => place,
);

export const exportWorkspace = inWorkspace('Owner')
  .input(WorkspacePage)
  .output(WorkspaceExport)
  .meta({
    openapi: {
      method: 'GET',
      path: '/workspaces/{workspace_id}/export',
      summary: 'Export a workspace',
      description:
        'For Owners: the workspace, its members, open invitations, audit log and public channels with their members and ' +
        'messages, and those other chats that the caller is in. Lines, pages and `Accept: application/jsonl` as in the ' +
        'export of a person.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'role_too_low', 'invalid_cursor'],
    },
  })
  .query(async ({ ctx, input: { workspaceId, limit, cursor } }) => {
    const place = pages.place(cursor);
    await makeChange(ctx, async (change) => {
      await judgeWorkspace(change.tx, ctx.user.id, workspaceId, 'Owner');
      if (place === undefined) change.note('workspace.exported', { workspaceId });
    });
    const scope = { id: workspaceId, callerId: ctx.user.id };
    const { lines, next } = await readPage(ctx.deps, workspaceSteps, scope, place, limit);
    return { lines, nextCursor: next === undefined ? null : pages.cursor(next) };
  });
