import { allows, MessageRef } from '@fechatter/contract';
import { eq, schema, sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { changeChat } from '../change/change-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { threadFacts } from './thread-facts.ts';
import { isSentBy } from './is-sent-by.ts';
import { messageInChat } from './message-in-chat.ts';

const { messages } = schema;

export const deleteMessage = inChat('message.delete', 'write')
  .input(MessageRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/chats/{chat_id}/messages/{message_id}',
      successStatus: 204,
      summary: 'Delete a message',
      description:
        'The sender can delete a message, and so can Admins and Owners of the chat (in a public channel also those ' +
        'of the workspace). The content is permanently deleted; the message stays in the history without it, and in lists as long as it ' +
        'has replies. ' +
        'Deleting again is no error.',
      tags: ['message'],
      refusals: ['chat_not_found', 'message_not_found', 'not_a_member', 'role_too_low'],
    },
  })
  .mutation(({ ctx, input: { chatId, messageId } }) =>
    changeChat(ctx, chatId, 'message.delete', async (tx, chat) => {
      const row = await messageInChat(tx, ctx.principal.userId, chatId, messageId);
      if (row === undefined) throw refuse('message_not_found');
      const isOwn = isSentBy(row, ctx.principal.userId);
      if (!isOwn && !allows('message.deleteOthers', chat.role))
        throw refuse(row.deleted_at === null ? 'role_too_low' : 'message_not_found');
      if (row.deleted_at !== null) return;
      const facts = { ...threadFacts(row.thread_id), userId: ctx.principal.userId };
      const version = chat.announce('message.deleted', { subjectId: messageId, facts });
      await tx
        .update(messages)
        .set({ body: null, version, deletedAt: sql`clock_timestamp()` })
        .where(eq(messages.id, messageId));
      if (isOwn) return;
      const { workspaceId } = chat;
      const fileIds = row.files?.map(({ id }) => id);
      chat.change.note('message.deleted', {
        workspaceId,
        userId: row.sender_id,
        details: { chatId, messageId, ...(fileIds && { fileIds }) },
      });
    }),
  );
