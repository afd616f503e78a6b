import type { ChatRow } from '@fechatter/contract';
import { eq, schema, sql } from '@fechatter/drizzle';
import { changeChat } from '../change/change-chat.ts';
import type { AuthedContext } from '../context.ts';
import { readChat } from './chat-row.ts';
import { writeChange } from './write-change.ts';

const { chats } = schema;

/** Archives or unarchives a chat; repeating it changes nothing. */
export async function setArchived(ctx: AuthedContext, chatId: string, isArchived: boolean): Promise<ChatRow> {
  await changeChat(ctx, chatId, { permission: 'chat.archive', notifiesWorkspace: true }, async (tx, chat) => {
    const [before] = await tx.select({ archivedAt: chats.archivedAt }).from(chats).where(eq(chats.id, chatId));
    if ((before?.archivedAt != null) === isArchived) return;
    await (isArchived
      ? writeChange(tx, chat, 'archived', { archivedAt: sql`clock_timestamp()` })
      : writeChange(tx, chat, 'unarchived', { archivedAt: null }));
  });
  return readChat(ctx.deps, ctx.principal.userId, chatId);
}
