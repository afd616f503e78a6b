import { WorkspaceExport, WorkspacePage } from '@fechatter/contract';
import { mustBeFresh } from '../access/must-be-fresh.ts';
import { makeChange } from '../change/change.ts';
import { authorizeWorkspace } from '../access/authorize-workspace.ts';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { countExport } from '../export/count-export.ts';
import { readPage } from '../export/walk.ts';
import { workspaceSteps } from '../export/workspace-steps.ts';
import { exportPages, writtenDown } from '../export/written-down.ts';

const pages = exportPages('workspace.export', workspaceSteps.length);

export const exportWorkspace = inWorkspace('workspace.export', 'read')
  .input(WorkspacePage)
  .output(WorkspaceExport)
  .meta({
    openapi: {
      method: 'GET',
      path: '/workspaces/{workspace_id}/export',
      summary: 'Export a workspace',
      description:
        'For Owners: the workspace, its members, open invitations, audit log and public channels with their members ' +
        'and messages, and those other chats that you are in. Lines, pages and `Accept: application/jsonl` work as ' +
        'in the export of your own data, and so does the need for a recent proof; files too are in it without their content.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'role_too_low', 'reauthentication_needed', 'invalid_cursor', 'rate_limited'],
    },
  })
  .query(async ({ ctx, input: { workspaceId, limit, cursor } }) => {
    const request = pages.place(cursor);
    if (request === undefined) await countExport(ctx);
    const line = { action: 'workspace.exported', workspaceId } as const;
    const noted = await makeChange(ctx, async (change) => {
      await authorizeWorkspace(change.tx, ctx.principal.userId, workspaceId, 'workspace.export');
      if (request === undefined) await mustBeFresh(change.tx, ctx.principal.credential.sessionId);
      return writtenDown(change, ctx.principal.userId, line, request);
    });
    const scope = { id: workspaceId, callerId: ctx.principal.userId };
    const { lines, next } = await readPage(ctx.deps, workspaceSteps, scope, request?.place, limit);
    return { lines, nextCursor: next === undefined ? null : pages.cursor({ place: next, noted }) };
  });
