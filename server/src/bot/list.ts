import { BotList, WorkspaceRef } from '@fechatter/contract';
import { limits } from '@fechatter/contract';
import { botColumns, botOf, type BotRow } from '@fechatter/drizzle';
import { authorizeWorkspace } from '../access/authorize-workspace.ts';
import { inWorkspace } from '../access/scoped-procedures.ts';

const botsSql = `
  select ${botColumns} from live_workspace_members m
  join bots b on b.workspace_id = m.workspace_id and b.deleted_at is null
  join users u on u.id = b.user_id
  where m.workspace_id = $1 and m.user_id = $2 and m.role >= 'Admin'
  order by b.user_id limit $3`;

export const list = inWorkspace('bot.manage', 'read')
  .input(WorkspaceRef)
  .output(BotList)
  .meta({
    openapi: {
      method: 'GET',
      path: '/workspaces/{workspace_id}/bots',
      summary: 'List the bots of a workspace',
      description: 'For Admins and Owners: all bots, oldest first, without their keys.',
      tags: ['bot'],
      refusals: ['workspace_not_found', 'role_too_low'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { workspaceId } }) => {
    const { rows } = await deps.db.pool.query<BotRow>({
      name: 'workspace-bots',
      text: botsSql,
      values: [workspaceId, principal.userId, limits.botsMax],
    });
    if (rows.length === 0) await authorizeWorkspace(deps.db.tables, principal.userId, workspaceId, 'bot.manage');
    return { bots: rows.map(botOf) };
  });
