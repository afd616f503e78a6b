import { and, eq, schema, sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { changeChat } from '../change/change-chat.ts';
import type { AuthedContext } from '../context.ts';
import { checkSaved } from '../limits/quotas.ts';
import { messageInChat } from './message-in-chat.ts';

const { messages, savedMessages } = schema;

interface Ref {
  readonly chatId: string;
  readonly messageId: string;
}

/** Saves a message for the caller, or removes it from those that they have saved; repeating it changes nothing. */
export function changeSaved(ctx: AuthedContext, { chatId, messageId }: Ref, isSaved: boolean): Promise<void> {
  const { userId } = ctx.principal;
  return changeChat(ctx, chatId, 'chat.read', async (tx, { change }) => {
    const row = await messageInChat(tx, userId, chatId, messageId);
    if (row === undefined || row.deleted_at !== null) throw refuse('message_not_found');
    if ((row.own?.isSaved === true) === isSaved) return;
    if (isSaved) {
      await checkSaved(tx, userId);
      // The database sets number and time: this role has no right to those columns.
      await tx.execute(sql`
        insert into saved_messages (user_id, message_id, chat_id) values (${userId}, ${messageId}, ${chatId})`);
      // This is not a change of the message: others see nothing of it.
      if (row.parts?.saved !== true)
        await tx
          .update(messages)
          .set({ parts: sql`coalesce(${messages.parts}, '{}') || '{"saved": true}'` })
          .where(eq(messages.id, messageId));
    } else {
      const own = and(eq(savedMessages.userId, userId), eq(savedMessages.messageId, messageId));
      await tx.delete(savedMessages).where(own);
    }
    const kind = isSaved ? 'message.saved' : 'message.unsaved';
    change.announceToUser(userId, kind, { chatId }, { subjectId: messageId });
  });
}
