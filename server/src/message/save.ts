import { MessageRef } from '@fechatter/contract';
import { z } from 'zod';
import { inChat } from '../access/scoped-procedures.ts';
import { changeSaved } from './change-saved.ts';

export const save = inChat('chat.read', 'write')
  .input(MessageRef)
  .output(z.void())
  .meta({
    keyPermission: 'chat.markRead',
    openapi: {
      method: 'PUT',
      path: '/chats/{chat_id}/messages/{message_id}/saved',
      successStatus: 204,
      summary: 'Save a message for yourself',
      description:
        'Any message that you can read, up to 10,000. Only you see what you save; your devices receive an event. Saving ' +
        'again changes nothing.',
      tags: ['message'],
      refusals: ['chat_not_found', 'message_not_found', 'quota_exceeded'],
    },
  })
  .mutation(({ ctx, input }) => changeSaved(ctx, input, true));
