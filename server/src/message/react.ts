import { Message, ReactionRef } from '@fechatter/contract';
import { inChat } from '../access/scoped-procedures.ts';
import { changeReaction } from './change-reaction.ts';

export const react = inChat('message.react', 'own')
  .input(ReactionRef)
  .output(Message)
  .meta({
    openapi: {
      method: 'PUT',
      path: '/chats/{chat_id}/messages/{message_id}/reactions/{emoji}',
      summary: 'React to a message',
      description:
        'With an emoji (fully qualified or not, it is stored so), at most 20 kinds a message. Again with the same one it ' +
        'changes nothing. You may change so many reactions in a minute as `RateLimit-Limit` says.',
      tags: ['message'],
      refusals: [
        'chat_not_found',
        'message_not_found',
        'not_a_member',
        'not_an_emoji',
        'too_many_reactions',
        'rate_limited',
        'busy',
      ],
    },
  })
  .mutation(({ ctx, input }) => changeReaction(ctx, input, true));
