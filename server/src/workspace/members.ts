import { MemberList, WorkspacePage } from '@fechatter/contract';
import { memberColumns, memberOf, type MemberRow } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { NIL } from 'uuid';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { memberPages } from '../membership/member-pages.ts';

// The caller's own membership is the scope: no row means that there is none, an empty one that the page is empty.
const membersSql = `
  with scope as materialized (
    select workspace_id from live_workspace_members where workspace_id = $1 and user_id = $2)
  select m.* from scope left join lateral (
    select ${memberColumns} from live_workspace_members p join users u on u.id = p.user_id
    where p.workspace_id = scope.workspace_id and p.user_id > $3
    order by p.user_id limit $4) m on true
  order by m.id`;

export const members = inWorkspace('workspace.read', 'read')
  .input(WorkspacePage)
  .output(MemberList)
  .meta({
    openapi: {
      method: 'GET',
      path: '/workspaces/{workspace_id}/members',
      summary: 'List the members of a workspace',
      description: 'Everyone who is currently in the workspace, including suspended people, in a fixed order.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'invalid_cursor'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { workspaceId, limit, cursor } }) => {
    const { rows } = await deps.db.pool.query<MemberRow | { id: null }>({
      name: 'workspace-members',
      text: membersSql,
      values: [workspaceId, principal.userId, memberPages.place(cursor) ?? NIL, memberPages.rowsOf(limit)],
    });
    if (rows.length === 0) throw refuse('workspace_not_found');
    const { page, nextCursor } = memberPages.cut(
      rows.filter((row) => row.id !== null),
      limit,
    );
    return { members: page.map(memberOf), nextCursor };
  });
