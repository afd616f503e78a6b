import { ChatRef } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { z } from 'zod';
import { changeChat } from '../change/change-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';

export const deleteChat = inChat('chat.delete', 'write')
  .input(ChatRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/chats/{chat_id}',
      successStatus: 204,
      summary: 'Delete a chat',
      description:
        'For Owners. The chat is gone at once; the only event is one `chat.deleted`. Its content is deleted in the ' +
        'background.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'not_a_member', 'role_too_low', 'single_chat_fixed'],
    },
  })
  .mutation(({ ctx, input: { chatId } }) =>
    changeChat(ctx, chatId, { permission: 'chat.delete', notifiesWorkspace: true }, async (tx, chat) => {
      const leftSeq = chat.announce('chat.deleted');
      await tx.execute(
        sql`update chat_members set left_seq = ${leftSeq} where chat_id = ${chatId} and left_seq is null`,
      );
      await tx.execute(sql`update chats set deleted_at = clock_timestamp() where id = ${chatId}`);
      chat.change.note('chat.deleted', { workspaceId: chat.workspaceId, details: { chatId } });
    }),
  );
