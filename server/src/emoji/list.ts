import { EmojiList, limits, WorkspaceRef } from '@fechatter/contract';
import { emojiColumns, emojiOf, type EmojiRow } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { inWorkspace } from '../access/scoped-procedures.ts';

const emojiSql = `
  select ${emojiColumns} from live_workspace_members m left join emoji e on e.workspace_id = m.workspace_id
  where m.workspace_id = $1 and m.user_id = $2 order by e.name limit $3`;

export const list = inWorkspace('workspace.read', 'read')
  .input(WorkspaceRef)
  .output(EmojiList)
  .meta({
    openapi: {
      method: 'GET',
      path: '/workspaces/{workspace_id}/emoji',
      summary: 'List the emoji of a workspace',
      description:
        'For everyone in the workspace: its own emoji, by name. `:name:` in messages and reactions is shown as the picture ' +
        'at `/f/{file_id}`; of a name that is not in the list, the text is shown.',
      tags: ['emoji'],
      refusals: ['workspace_not_found'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { workspaceId } }) => {
    const { rows } = await deps.db.pool.query<EmojiRow | { readonly name: null }>({
      name: 'workspace-emoji',
      text: emojiSql,
      values: [workspaceId, principal.userId, limits.emojiMax],
    });
    if (rows.length === 0) throw refuse('workspace_not_found');
    return { emoji: rows.filter((row): row is EmojiRow => row.name !== null).map(emojiOf) };
  });
