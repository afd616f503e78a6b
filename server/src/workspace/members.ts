import { MemberList, WorkspacePage } from '@fechatter/contract';
import { memberColumns, memberOf, type MemberRow } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { NIL } from 'uuid';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { memberPages } from '../membership/member-pages.ts';

// The caller's own membership is the scope: no row means that there is none, an empty row that the page is empty. For a
// Guest, at most a page of people is read per chat.
const membersSql = `
  with scope as materialized (
    select workspace_id, role from live_workspace_members where workspace_id = $1 and user_id = $2),
  people as materialized (
    select p.user_id from scope cross join lateral (
      select o.user_id from live_workspace_members o where o.workspace_id = scope.workspace_id and o.user_id > $3
      order by o.user_id limit $4) p where scope.role >= 'Member'
    union
    select $2::uuid from scope where scope.role < 'Member' and $2::uuid > $3
    union
    select o.user_id from scope
    join live_chat_members own on own.user_id = $2
    join chat_heads h on h.chat_id = own.chat_id and h.workspace_id = scope.workspace_id
    cross join lateral (
      select c.user_id from live_chat_members c where c.chat_id = own.chat_id and c.user_id > $3
      order by c.user_id limit $4) o where scope.role < 'Member')
  select m.* from scope left join lateral (
    select ${memberColumns} from people k
    join live_workspace_members p on p.workspace_id = scope.workspace_id and p.user_id = k.user_id
    join users u on u.id = p.user_id
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
      description:
        'Everyone who is currently in the workspace, including suspended people, in a fixed order. Guests get ' +
        'themselves and the people in their chats.',
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
