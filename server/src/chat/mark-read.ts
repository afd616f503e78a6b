import { MarkRead, ReadMark } from '@fechatter/contract';
import { type SQL, sql, type Tx } from '@fechatter/drizzle';
import { inChat } from '../access/scoped-procedures.ts';
import { seqOfNumber } from '../message/seq-of-number.ts';
import { type MovedMark, movedMark, moveMark } from './move-mark.ts';

export const markRead = inChat('chat.markRead', 'write')
  .input(MarkRead)
  .output(ReadMark)
  .meta({
    openapi: {
      method: 'POST',
      path: '/chats/{chat_id}/read',
      summary: 'Mark a chat as read',
      description:
        'Up to the event with this `seq`, or up to the message with this `number`. The mark never moves back ' +
        '(for that there is `chat.markUnread`); a value above the newest means the newest. Your other devices receive an event; in chats of up to 50 members the ' +
        'other members also receive the signal `seen`.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'not_a_member'],
    },
  })
  .mutation(({ ctx, input: { chatId, ...upTo } }) =>
    moveMark(ctx, chatId, (tx) => moveForward(tx, ctx.principal.userId, chatId, placeOf(upTo))),
  );

// Needs no lock of the chat: seq and number of a message never change, so the mark does not depend on messages that are
// sent meanwhile. The conditional update alone decides between two marks, or a mark and the caller's own message: if it
// had to wait for a message that is above the head that it read, that message is above this mark too, so the mark does
// not move.
async function moveForward(tx: Tx, userId: string, chatId: string, place: SQL): Promise<MovedMark | undefined> {
  const { rows } = await tx.execute<MovedMark>(sql`
    update chat_members m set last_read_seq = t.seq, last_read_number = greatest(m.last_read_number, t.number),
      mark_version = m.mark_version + 1, mark_seq = greatest(m.mark_seq, t.last_seq)
    from (
      select h.chat_id, h.last_seq, h.last_number, p.seq, p.number
      from chat_heads h
      join live_workspace_members w on w.workspace_id = h.workspace_id and w.user_id = ${userId}
      cross join lateral (${place}) p
      where h.chat_id = ${chatId}) t
    where m.chat_id = t.chat_id and m.user_id = ${userId} and m.left_seq is null and m.last_read_seq < t.seq
    returning ${movedMark}`);
  return rows[0];
}

/** The seq and number that a mark reaches, given the head `h`. */
function placeOf({ seq, number }: { readonly seq?: number | undefined; readonly number?: number | undefined }): SQL {
  if (number !== undefined)
    return sql`
      select ${sql.raw(seqOfNumber('m.chat_id = t.chat_id and m.thread_id is null'))} as seq, t.number
      from (select h.chat_id, h.last_seq, h.last_number, least(h.last_number, ${number}::bigint) as number) t`;
  return sql`
    select r.seq, coalesce((
      select x.number from messages x where x.chat_id = h.chat_id and x.thread_id is null and x.seq <= r.seq order by x.seq desc limit 1), 0) as number
    from (select least(h.last_seq, ${seq}::bigint) as seq) r`;
}
