import { MessageRef, ReadMark } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { inChat } from '../access/scoped-procedures.ts';
import { type MovedMark, movedMark, moveMark } from './move-mark.ts';

export const markUnread = inChat('chat.markRead', 'write')
  .input(MessageRef)
  .output(ReadMark)
  .meta({
    openapi: {
      method: 'POST',
      path: '/chats/{chat_id}/unread',
      summary: 'Mark a chat as unread from a message on',
      description:
        'This message and everything after it counts as unread, everything before it as read. Your other devices ' +
        'receive an event; the other members do not, and still see that you have read it.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'not_a_member', 'message_not_found'],
    },
  })
  .mutation(({ ctx, input: { chatId, messageId } }) =>
    moveMark(ctx, chatId, (tx) => moveBefore(tx, ctx.principal.userId, chatId, messageId)),
  );

interface TargetRow extends Record<string, unknown> {
  /** Null: there is no such message. */
  number: string | null;
  last_read_number: string;
}

/**
 * Locks the membership first, and reads the head in a later statement: every message of the caller's own that has moved
 * the mark is then below the mark's seq, and every other one, which waits, is above it and moves the mark again.
 */
async function moveBefore(tx: Tx, userId: string, chatId: string, messageId: string): Promise<MovedMark | undefined> {
  const { rows } = await tx.execute<TargetRow>(sql`
    select m.last_read_number, (
      select x.number from messages x where x.id = ${messageId} and x.chat_id = m.chat_id and x.thread_id is null and x.deleted_at is null) as number
    from chat_members m join chat_heads h on h.chat_id = m.chat_id
    join live_workspace_members w on w.workspace_id = h.workspace_id and w.user_id = m.user_id
    where m.chat_id = ${chatId} and m.user_id = ${userId} and m.left_seq is null for no key update of m`);
  const [target] = rows;
  if (target === undefined) return undefined;
  if (target.number === null) throw refuse('message_not_found');
  if (Number(target.last_read_number) === Number(target.number) - 1) return undefined;
  const moved = await tx.execute<MovedMark>(sql`
    update chat_members m set last_read_seq = t.seq - 1, last_read_number = t.number - 1,
      mark_version = m.mark_version + 1, mark_seq = t.last_seq,
      highest_read_number = greatest(m.highest_read_number, m.last_read_number)
    from (
      select x.seq, x.number, h.chat_id, h.last_seq, h.last_number
      from messages x join chat_heads h on h.chat_id = x.chat_id where x.id = ${messageId}) t
    where m.chat_id = t.chat_id and m.user_id = ${userId} and m.left_seq is null
    returning ${movedMark}`);
  return moved.rows[0];
}
