import { Message, MessageRef } from '@fechatter/contract';
import { inChat } from '../access/scoped-procedures.ts';
import { changePin } from './change-pin.ts';

export const pin = inChat('message.pin', 'write')
  .input(MessageRef)
  .output(Message)
  .meta({
    openapi: {
      method: 'PUT',
      path: '/chats/{chat_id}/messages/{message_id}/pin',
      summary: 'Pin a message',
      description:
        'For members of a Single chat or group, and for Admins and Owners of a channel. A chat can have 100 pinned ' +
        'messages. Pinning again changes nothing.',
      tags: ['message'],
      refusals: [
        'chat_not_found',
        'message_not_found',
        'not_a_member',
        'role_too_low',
        'chat_archived',
        'too_many_pins',
      ],
    },
  })
  .mutation(({ ctx, input }) => changePin(ctx, input, true));
