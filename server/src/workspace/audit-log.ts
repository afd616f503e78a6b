import { AuditLog, WorkspacePage } from '@fechatter/contract';
import { MAX } from 'uuid';
import { auditEntryOf, auditPages, type AuditRow } from '../audit/audit-row.ts';
import { workspaceLines } from '../audit/workspace-lines.ts';
import { authorizeWorkspace } from '../access/authorize-workspace.ts';
import { inWorkspace } from '../access/scoped-procedures.ts';

const auditSql = `
  with scope as materialized (
    select w.id from live_workspace_members m join workspaces w on w.id = m.workspace_id and w.deleted_at is null
    where m.workspace_id = $1 and m.user_id = $2 and m.role = 'Owner'),
  lines as (${workspaceLines('newest first', { scope: 'scope', place: '$3::uuid', limit: '$4::int' })})
  select * from lines order by id desc`;

export const auditLog = inWorkspace('workspace.readAuditLog', 'read')
  .input(WorkspacePage)
  .output(AuditLog)
  .meta({
    openapi: {
      method: 'GET',
      path: '/workspaces/{workspace_id}/audit-log',
      summary: 'Read the audit log of a workspace',
      description:
        'For Owners, newest first: who did what to whom, when and from where. It also has what happened to members’ ' +
        'own accounts (sign-ins, including failed ones) while they were members: what and when, but not from where. ' +
        'Entries are kept for a year, unless the operator sets another time.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'role_too_low', 'invalid_cursor'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { workspaceId, limit, cursor } }) => {
    const { rows } = await deps.db.pool.query<AuditRow>({
      name: 'workspace-audit-log',
      text: auditSql,
      values: [workspaceId, principal.userId, auditPages.place(cursor) ?? MAX, auditPages.rowsOf(limit)],
    });
    if (rows.length === 0)
      await authorizeWorkspace(deps.db.tables, principal.userId, workspaceId, 'workspace.readAuditLog');
    const { page, nextCursor } = auditPages.cut(rows, limit);
    return { entries: page.map(auditEntryOf), nextCursor };
  });
