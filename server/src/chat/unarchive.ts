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
      summary: 'Open an archived chat again',
      description:
        'You must be Admin or Owner. Who may send is what it was before. A chat that is not archived stays as it is.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'not_a_member', 'role_too_low', 'single_chat_fixed'],
    },
  })
  .mutation(({ ctx, input: { chatId } }) => setArchived(ctx, chatId, false));
