import { RetentionChange, Workspace } from '@fechatter/contract';
import { changeWorkspace } from '../change/change-workspace.ts';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { applyRetention } from '../retention/set-retention.ts';
import { readWorkspace } from './workspace-row.ts';

export const setRetention = inWorkspace('workspace.setRetention', 'write')
  .input(RetentionChange)
  .output(Workspace)
  .meta({
    openapi: {
      method: 'PUT',
      path: '/workspaces/{workspace_id}/retention',
      summary: 'Set how long messages are kept',
      description:
        'For Owners. Messages older than `days` (1 to 36,500) are permanently purged from all chats of the workspace ' +
        'within minutes; each chat receives a `chat.purged`. Null keeps messages for ever.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'role_too_low'],
    },
  })
  .mutation(async ({ ctx, input: { workspaceId, days } }) => {
    await changeWorkspace(ctx, workspaceId, 'workspace.setRetention', (_, { change }) =>
      applyRetention(change, workspaceId, days),
    );
    return readWorkspace(ctx.deps.db, ctx.principal.userId, workspaceId);
  });
