import { Message, MessageRef } from '@fechatter/contract';
import { inChat } from '../access/scoped-procedures.ts';
import { changePin } from './change-pin.ts';

export const unpin = inChat('message.pin', 'write')
  .input(MessageRef)
  .output(Message)
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/chats/{chat_id}/messages/{message_id}/pin',
      summary: 'Unpin a message',
      description: 'For the same people as pinning. Unpinning a message that is not pinned changes nothing.',
      tags: ['message'],
      refusals: ['chat_not_found', 'message_not_found', 'not_a_member', 'role_too_low', 'chat_archived'],
    },
  })
  .mutation(({ ctx, input }) => changePin(ctx, input, false));
