import { MessageRef } from '@fechatter/contract';
import { z } from 'zod';
import { inChat } from '../access/scoped-procedures.ts';
import { changeSaved } from './change-saved.ts';

export const unsave = inChat('chat.read', 'write')
  .input(MessageRef)
  .output(z.void())
  .meta({
    keyPermission: 'chat.markRead',
    openapi: {
      method: 'DELETE',
      path: '/chats/{chat_id}/messages/{message_id}/saved',
      successStatus: 204,
      summary: 'Remove a message from those that you have saved',
      description: 'If you have not saved it, nothing changes.',
      tags: ['message'],
      refusals: ['chat_not_found', 'message_not_found'],
    },
  })
  .mutation(({ ctx, input }) => changeSaved(ctx, input, false));
