import { Workspace, WorkspaceUpsert } from '@fechatter/contract';
import {
  type Database,
  schema,
  sql,
  type WorkspaceColumns,
  workspaceColumns,
  workspaceJoins,
  workspaceOf,
} from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { withServiceKey } from '../access/service-procedures.ts';
import { type Change, makeChange } from '../change/change.ts';
import type { ServiceKey } from '../identity/service-keys.ts';
import { adminMeta } from './admin-meta.ts';
import { findWorkspace, lockExternal } from './external.ts';

const { workspaces, workspaceHeads } = schema;

export const upsertWorkspace = withServiceKey('workspaces')
  .meta(
    adminMeta(
      'upsert-workspace',
      'Create or rename a workspace',
      'The workspace with this `external_id`; a new one has no members, see `admin.setMembers`. One that was deleted ' +
        'is replaced by a new one. `role` is `Owner`: that is what the key may do there.',
    ),
  )
  .input(WorkspaceUpsert)
  .output(Workspace)
  .mutation(async ({ ctx, input: { externalId, name } }) => {
    const { serviceKey } = ctx;
    const workspaceId = await makeChange(ctx, async (change) => {
      await lockExternal(change.tx, 'workspace', serviceKey, externalId);
      const known = await findWorkspace(change.tx, serviceKey, externalId);
      if (known === undefined) return insert(change, serviceKey, externalId, name);
      await rename(change, known, name);
      return known;
    });
    return { ...(await read(ctx.deps.db, workspaceId)), role: 'Owner' };
  });

async function insert(change: Change, { issuer }: ServiceKey, externalId: string, name: string): Promise<string> {
  const { tx } = change;
  const workspaceId = uuidv7();
  await tx.insert(workspaces).values({ id: workspaceId, name });
  await tx.insert(workspaceHeads).values({ workspaceId });
  await tx.execute(sql`
    insert into external_workspaces (issuer, external_id, workspace_id) values (${issuer}, ${externalId}, ${workspaceId})
    on conflict (issuer, external_id) do update set workspace_id = excluded.workspace_id`);
  change.note('workspace.created', { workspaceId });
  return workspaceId;
}

async function rename(change: Change, workspaceId: string, name: string): Promise<void> {
  await change.lockWorkspaces([workspaceId]);
  const { rowCount } = await change.tx.execute(sql`
    update workspaces set name = ${name}, updated_at = clock_timestamp()
    where id = ${workspaceId} and name <> ${name} and deleted_at is null`);
  if (rowCount === 0) return;
  change.announceInWorkspace(workspaceId, 'workspace.updated');
  change.note('workspace.updated', { workspaceId });
}

async function read({ pool }: Database, workspaceId: string) {
  const { rows } = await pool.query<WorkspaceColumns>({
    name: 'external-workspace',
    text: `select ${workspaceColumns} from workspaces w ${workspaceJoins} where w.id = $1 and w.deleted_at is null`,
    values: [workspaceId],
  });
  if (rows[0] === undefined) throw refuse('workspace_not_found');
  return workspaceOf(rows[0]);
}
