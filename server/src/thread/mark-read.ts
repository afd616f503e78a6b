import { Thread, ThreadMarkRead } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { authorizeChat } from '../access/authorize-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { makeChange } from '../change/change.ts';
import { readThread } from './thread-row.ts';

export const markRead = inChat('thread.markRead', 'write')
  .input(ThreadMarkRead)
  .output(Thread)
  .meta({
    openapi: {
      method: 'POST',
      path: '/chats/{chat_id}/threads/{root_id}/read',
      summary: 'Mark a thread as read',
      description:
        'Up to the reply with this `number`. The mark never moves back; a number above the newest means the newest. In ' +
        'a thread that you do not follow it changes nothing. Your other devices receive an event.',
      tags: ['thread'],
      refusals: ['chat_not_found', 'not_a_member', 'message_not_found', 'not_a_root'],
    },
  })
  .mutation(async ({ ctx, input: { number, ...ref } }) => {
    const { chatId, rootId } = ref;
    const { userId } = ctx.principal;
    // Needs no lock of the chat: numbers never change, and the conditional update decides between two marks, or a mark and
    // the caller's own reply.
    await makeChange(ctx, async (change) => {
      const { isMember } = await authorizeChat(change.tx, userId, chatId, 'thread.markRead');
      if (!isMember) throw refuse('not_a_member');
      const { rows } = await change.tx.execute(sql`
        update thread_follows f set last_read_number = t.number, mark_version = f.mark_version + 1, mark_seq = t.last_seq
        from (
          select h.last_seq, least(t.last_number, ${number}::bigint) as number
          from threads t cross join chat_heads h where t.root_id = ${rootId} and h.chat_id = ${chatId}) t
        where f.user_id = ${userId} and f.chat_id = ${chatId} and f.root_id = ${rootId} and f.is_following
          and f.last_read_number < t.number
        returning 1`);
      if (rows.length > 0) change.announceToUser(userId, 'thread.read', { chatId }, { subjectId: rootId });
    });
    return readThread(ctx.deps, userId, ref);
  });
