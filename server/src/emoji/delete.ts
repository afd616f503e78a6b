import { EmojiRef } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { changeWorkspace } from '../change/change-workspace.ts';

export const deleteEmoji = inWorkspace('emoji.manage', 'write')
  .input(EmojiRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/workspaces/{workspace_id}/emoji/{name}',
      successStatus: 204,
      summary: 'Delete an emoji',
      description:
        'For Admins and Owners. Its picture is gone. Messages and reactions with `:name:` stay as they are, and the ' +
        'reactions can still be removed.',
      tags: ['emoji'],
      refusals: ['workspace_not_found', 'role_too_low', 'emoji_not_found'],
    },
  })
  .mutation(({ ctx, input: { workspaceId, name } }) =>
    changeWorkspace(ctx, workspaceId, 'emoji.manage', async (tx, workspace) => {
      const { rows } = await tx.execute<{ file_id: string }>(
        sql`delete from emoji where workspace_id = ${workspaceId} and name = ${name} returning file_id`,
      );
      const fileId = rows[0]?.file_id;
      if (fileId === undefined) throw refuse('emoji_not_found');
      await tx.execute(sql`
        update files set state = 'Gone', wrapped_key = null, sealed_name = null where id = ${fileId}`);
      workspace.announce('emoji.updated', { facts: { name, fileId: null } });
      workspace.change.note('emoji.deleted', { workspaceId, details: { fileIds: [fileId] } });
    }),
  );
