import { WorkspaceList, WorkspaceListInput } from '@fechatter/contract';
import { NIL } from 'uuid';
import { z } from 'zod';
import { authed } from '../procedures.ts';
import { pagesOf } from '../page-cursor.ts';
import { myWorkspaces, ownWorkspaceOf, type WorkspaceRow } from './workspace-row.ts';

const pages = pagesOf('workspaces', z.uuid(), (row: WorkspaceRow) => row.id);

export const list = authed('read')
  .input(WorkspaceListInput)
  .output(WorkspaceList)
  .meta({
    keyPermission: 'workspace.read',
    openapi: {
      method: 'GET',
      path: '/workspaces',
      summary: 'List your workspaces',
      description: 'The workspaces that you are in, oldest first, each with your role.',
      tags: ['workspace'],
      refusals: ['invalid_cursor'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { limit, cursor } = {} }) => {
    const { rows } = await deps.db.pool.query<WorkspaceRow>({
      name: 'workspace-list',
      text: `${myWorkspaces} and m.workspace_id > $2 order by m.workspace_id limit $3`,
      values: [principal.userId, pages.place(cursor) ?? NIL, pages.rowsOf(limit)],
    });
    const { page, nextCursor } = pages.cut(rows, limit);
    return { workspaces: page.map(ownWorkspaceOf), nextCursor };
  });
