import { Thread, ThreadRef } from '@fechatter/contract';
import { inChat } from '../access/scoped-procedures.ts';
import { setFollowing } from './set-following.ts';

export const unfollow = inChat('thread.follow', 'write')
  .input(ThreadRef)
  .output(Thread)
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/chats/{chat_id}/threads/{root_id}/following',
      summary: 'Unfollow a thread',
      description:
        'Everything in it then counts as read, until you reply in it or follow it again. Unfollowing again ' +
        'changes nothing.',
      tags: ['thread'],
      refusals: ['chat_not_found', 'not_a_member', 'message_not_found', 'not_a_root'],
    },
  })
  .mutation(({ ctx, input }) => setFollowing(ctx, input, false));
