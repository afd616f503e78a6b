import { Thread, ThreadRef } from '@fechatter/contract';
import { inChat } from '../access/scoped-procedures.ts';
import { setFollowing } from './set-following.ts';

export const follow = inChat('thread.follow', 'write')
  .input(ThreadRef)
  .output(Thread)
  .meta({
    openapi: {
      method: 'PUT',
      path: '/chats/{chat_id}/threads/{root_id}/following',
      summary: 'Follow a thread',
      description:
        'For members of the chat. The replies so far count as read. You also follow a thread when you reply in it, and ' +
        'from the first reply to a message of your own. Of more than 1,000 threads in a workspace, the one without a ' +
        'reply for the longest is unfollowed. Following again changes nothing.',
      tags: ['thread'],
      refusals: ['chat_not_found', 'not_a_member', 'message_not_found', 'not_a_root'],
    },
  })
  .mutation(({ ctx, input }) => setFollowing(ctx, input, true));
