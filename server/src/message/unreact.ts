import { Message, ReactionRef } from '@fechatter/contract';
import { inChat } from '../access/scoped-procedures.ts';
import { changeReaction } from './change-reaction.ts';

export const unreact = inChat('message.react', 'own')
  .input(ReactionRef)
  .output(Message)
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/chats/{chat_id}/messages/{message_id}/reactions/{emoji}',
      summary: 'Remove a reaction',
      description: 'Removes your own reaction with one emoji. If there is none, nothing changes.',
      tags: ['message'],
      refusals: [
        'chat_not_found',
        'message_not_found',
        'not_a_member',
        'chat_archived',
        'not_an_emoji',
        'rate_limited',
        'busy',
      ],
    },
  })
  .mutation(({ ctx, input }) => changeReaction(ctx, input, false));
