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
        'You must be Admin or Owner of a group or channel. Nobody sends, edits, reacts, pins, joins or is added ' +
        'then; reading, leaving, removing and deleting go on, and so do repeats of what was sent before. ' +
        'Archiving twice changes nothing.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'not_a_member', 'role_too_low', 'single_chat_fixed'],
    },
  })
  .mutation(({ ctx, input: { chatId } }) => setArchived(ctx, chatId, true));
