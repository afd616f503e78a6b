import { Chat, ChatRef } from '@fechatter/contract';
import { inChat } from '../access/scoped-procedures.ts';
import { setArchived } from './set-archived.ts';

export const archive = inChat('chat.archive', 'write')
  .input(ChatRef)
  .output(Chat)
  .meta({
    openapi: {
      method: 'POST',
      path: '/chats/{chat_id}/archive',
      summary: 'Archive a chat',
      description:
        'For Admins and Owners of a group or channel. In an archived chat no member can send, edit, react, pin, join or ' +
        'be added. Members can still read, leave, be removed and delete messages, and a repeat of an earlier send ' +
        'still returns its message. Archiving again changes nothing.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'not_a_member', 'role_too_low', 'single_chat_fixed'],
    },
  })
  .mutation(({ ctx, input: { chatId } }) => setArchived(ctx, chatId, true));
