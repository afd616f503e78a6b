import { Chat, ChatRef } from '@fechatter/contract';
import { inChat } from '../access/scoped-procedures.ts';
import { setArchived } from './set-archived.ts';

export const unarchive = inChat('chat.archive', 'write')
  .input(ChatRef)
  .output(Chat)
  .meta({
    openapi: {
      method: 'POST',
      path: '/chats/{chat_id}/unarchive',
      summary: 'Unarchive a chat',
      description:
        'For Admins and Owners. The same people as before can send. If the chat is not archived, nothing changes.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'not_a_member', 'role_too_low', 'single_chat_fixed'],
    },
  })
  .mutation(({ ctx, input: { chatId } }) => setArchived(ctx, chatId, false));
