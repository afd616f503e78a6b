import { Emoji, EmojiCreate } from '@fechatter/contract';
import { type EmojiRow, emojiColumns, emojiOf, type FoundFile, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { changeWorkspace } from '../change/change-workspace.ts';
import { insertEmoji } from './insert-emoji.ts';

export const create = inWorkspace('emoji.manage', 'write')
  .input(EmojiCreate)
  .output(Emoji)
  .meta({
    openapi: {
      method: 'POST',
      path: '/workspaces/{workspace_id}/emoji',
      successStatus: 201,
      summary: 'Create an emoji',
      description:
        'For Admins and Owners. `file_id` is a picture of at most 1 MiB that you have uploaded with the `workspace_id`, and ' +
        'that is `Ready`; it was made at most 128 pixels wide and high. From then on everyone in the workspace can react ' +
        'with `:name:`, and see the picture. The same call again returns the same. A workspace has at most 500 emoji.',
      tags: ['emoji'],
      refusals: [
        'workspace_not_found',
        'role_too_low',
        'file_not_found',
        'file_not_ready',
        'file_infected',
        'not_a_picture',
        'emoji_taken',
        'quota_exceeded',
      ],
    },
  })
  .mutation(({ ctx, input: { workspaceId, name, fileId } }) =>
    changeWorkspace(ctx, workspaceId, 'emoji.manage', async (tx, workspace) => {
      const { userId } = ctx.principal;
      const { rows: named } = await tx.execute<EmojiRow>(
        sql`select ${sql.raw(emojiColumns)} from emoji e where e.workspace_id = ${workspaceId} and e.name = ${name}`,
      );
      const [before] = named;
      if (before?.file_id === fileId && before.created_by === userId) return emojiOf(before);
      await claimPicture(tx, { workspaceId, userId, fileId });
      if (before !== undefined) throw refuse('emoji_taken');
      return emojiOf(await insertEmoji(workspace.change, { workspaceId, name, fileId, userId }));
    }),
  );

/** From here on the picture does not expire. What would end it finds it claimed. */
async function claimPicture(
  tx: Tx,
  { workspaceId, userId, fileId }: { readonly workspaceId: string; readonly userId: string; readonly fileId: string },
): Promise<void> {
  const { rows } = await tx.execute<Pick<FoundFile, 'state' | 'width'>>(sql`
    select f.state, f.width from files f
    where f.id = ${fileId} and f.workspace_id = ${workspaceId} and f.chat_id is null and f.uploader_id = ${userId}
      and f.state <> 'Gone' and f.expires_at > clock_timestamp()
    for no key update`);
  const [file] = rows;
  if (file === undefined) throw refuse('file_not_found');
  if (file.state === 'Infected') throw refuse('file_infected');
  if (file.state !== 'Ready') throw refuse('file_not_ready');
  if (file.width === null) throw refuse('not_a_picture');
  await tx.execute(sql`update files set expires_at = null where id = ${fileId}`);
}
