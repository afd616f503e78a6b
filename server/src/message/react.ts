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
        'With an emoji, which is stored fully qualified, or `:name:` of one of the workspace’s own; a message can have at ' +
        'most 20 different ones. Reacting ' +
        'again with the same emoji changes nothing. `RateLimit-Limit` says how many reactions you can change in a ' +
        'minute.',
      tags: ['message'],
      refusals: [
        'chat_not_found',
        'message_not_found',
        'not_a_member',
        'chat_archived',
        'not_an_emoji',
        'too_many_reactions',
        'rate_limited',
        'busy',
      ],
    },
  })
  .mutation(({ ctx, input }) => changeReaction(ctx, input, true));
