import { InviteList, WorkspacePage } from '@fechatter/contract';
import { NIL } from 'uuid';
import { z } from 'zod';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { authorizeWorkspace } from '../access/authorize-workspace.ts';
import { inviteColumns, inviteOf, type InviteRow } from '../membership/invite-rows.ts';
import { pagesOf } from '../page-cursor.ts';

const pages = pagesOf('invites', z.uuid(), (row: InviteRow) => row.id);

const invitesSql = `
  select ${inviteColumns} from live_workspace_members m join workspace_invites i on i.workspace_id = m.workspace_id
  where m.workspace_id = $1 and m.user_id = $2 and m.role >= 'Admin'
    and i.revoked_at is null and i.expires_at > clock_timestamp() and i.id > $3
  order by i.id limit $4`;

export const invites = inWorkspace('workspace.invite', 'read')
  .input(WorkspacePage)
  .output(InviteList)
  .meta({
    openapi: {
      method: 'GET',
      path: '/workspaces/{workspace_id}/invites',
      summary: 'List the invitations of a workspace',
      description:
        'For Admins and Owners: invitations that are neither revoked nor expired, oldest first, without their tokens.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'role_too_low', 'invalid_cursor'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { workspaceId, limit, cursor } }) => {
    const { rows } = await deps.db.pool.query<InviteRow>({
      name: 'workspace-invites',
      text: invitesSql,
      values: [workspaceId, principal.userId, pages.place(cursor) ?? NIL, pages.rowsOf(limit)],
    });
    if (rows.length === 0) await authorizeWorkspace(deps.db.tables, principal.userId, workspaceId, 'workspace.invite');
    const { page, nextCursor } = pages.cut(rows, limit);
    return { invites: page.map(inviteOf), nextCursor };
  });
