import type { ChatRow } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { changeChat } from '../change/change-chat.ts';
import type { AuthedContext } from '../context.ts';
import { readChat } from './chat-row.ts';
import { tellPosting } from './posting.ts';

/** Archives or unarchives a chat; repeating it changes nothing. */
export async function setArchived(ctx: AuthedContext, chatId: string, isArchived: boolean): Promise<ChatRow> {
  await changeChat(ctx, chatId, { permission: 'chat.archive', tellsWorkspace: true }, async (tx, chat) => {
    const archivedAt = isArchived ? sql`clock_timestamp()` : sql`null`;
    const { rowCount } = await tx.execute(sql`
      update chats set archived_at = ${archivedAt}, updated_at = clock_timestamp()
      where id = ${chatId} and (archived_at is null) = ${isArchived}`);
    if (rowCount === 0) return;
    const version = chat.announce('chat.updated', { facts: { changed: isArchived ? 'archived' : 'unarchived' } });
    await tx.execute(sql`update chats set version = ${version} where id = ${chatId}`);
    await tellPosting(tx, chatId);
    chat.change.note(isArchived ? 'chat.archived' : 'chat.unarchived', {
      workspaceId: chat.workspaceId,
      details: { chatId },
    });
  });
  return readChat(ctx.deps, ctx.principal.userId, chatId);
}
