import { Thread, ThreadRef } from '@fechatter/contract';
import { inChat } from '../access/scoped-procedures.ts';
import { readThread } from './thread-row.ts';

export const get = inChat('chat.read', 'read')
  .input(ThreadRef)
  .output(Thread)
  .meta({
    openapi: {
      method: 'GET',
      path: '/chats/{chat_id}/threads/{root_id}',
      summary: 'Get a thread',
      description:
        'The message that was replied to, whether you follow its thread, and how far you have read. If you do not ' +
        'follow it, everything counts as read. A deleted message has a thread as long as it has replies.',
      tags: ['thread'],
      refusals: ['chat_not_found', 'message_not_found', 'not_a_root'],
    },
  })
  .query(({ ctx: { deps, principal }, input }) => readThread(deps, principal.userId, input));
