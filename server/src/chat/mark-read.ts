import { MarkRead, ReadMark } from '@fechatter/contract';
import { type SQL, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { makeChange } from '../change/change.ts';
import { authorizeChat } from '../access/authorize-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { seqOfNumber } from '../message/seq-of-number.ts';
import { isSmallEnough } from '../signals/told-in-chat.ts';

export const markRead = inChat('chat.markRead', 'write')
  .input(MarkRead)
  .output(ReadMark)
  .meta({
    openapi: {
      method: 'POST',
      path: '/chats/{chat_id}/read',
      summary: 'Mark a chat as read',
      description:
        'Up to the event with this `seq`, or up to the message with this `number`. The mark never moves back; a ' +
        'value above the newest means the newest. Your other devices are told; in chats of up to 50 members the ' +
        'other members also receive the signal `seen`.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'not_a_member'],
    },
  })
  .mutation(async ({ ctx, input: { chatId, ...upTo } }) => {
    const userId = ctx.principal.userId;
    const { mark, isTold } = await makeChange(ctx, async (change) => {
      const moved = await moveMark(change.tx, userId, chatId, placeOf(upTo));
      if (moved === undefined) return { mark: await readMark(change.tx, userId, chatId), isTold: false };
      const mark = markOf(moved);
      change.announceToUser(userId, 'chat.read', { chatId }, { facts: mark });
      return { mark, isTold: moved.is_told };
    });
    if (isTold) ctx.deps.signals.tell({ kind: 'seen', chatId, userId, lastReadNumber: mark.lastReadNumber });
    return mark;
  });

interface Mark extends Record<string, unknown> {
  last_read_seq: string;
  last_read_number: string;
  last_number: string;
}
interface MovedMark extends Mark {
  /** Whether the other members receive a signal. */
  is_told: boolean;
}
const markOf = (row: Mark) => ({
  unreadCount: Number(row.last_number) - Number(row.last_read_number),
  lastReadSeq: Number(row.last_read_seq),
  lastReadNumber: Number(row.last_read_number),
});

// Needs no lock of the chat: seq and number of a message never change, so the mark does not depend on messages that are
// sent meanwhile. The conditional update alone decides between two marks, or a mark and the caller's own message.
async function moveMark(tx: Tx, userId: string, chatId: string, place: SQL) {
  const { rows } = await tx.execute<MovedMark>(sql`
    update chat_members m set last_read_seq = t.seq, last_read_number = greatest(m.last_read_number, t.number)
    from (
      select h.chat_id, h.last_number, p.seq, p.number
      from chat_heads h
      join live_workspace_members w on w.workspace_id = h.workspace_id and w.user_id = ${userId}
      cross join lateral (${place}) p
      where h.chat_id = ${chatId}) t
    where m.chat_id = t.chat_id and m.user_id = ${userId} and m.left_seq is null and m.last_read_seq < t.seq
    returning m.last_read_seq, m.last_read_number, t.last_number, ${isSmallEnough('seen', sql`m.chat_id`)} as is_told`);
  return rows[0];
}

/** The seq and number that a mark reaches, given the head `h`. */
function placeOf({ seq, number }: { readonly seq?: number | undefined; readonly number?: number | undefined }): SQL {
  if (number !== undefined)
    return sql`
      select ${sql.raw(seqOfNumber)} as seq, t.number
      from (select h.chat_id, h.last_seq, h.last_number, least(h.last_number, ${number}::bigint) as number) t`;
  return sql`
    select r.seq, coalesce((
      select x.number from messages x where x.chat_id = h.chat_id and x.seq <= r.seq order by x.seq desc limit 1), 0) as number
    from (select least(h.last_seq, ${seq}::bigint) as seq) r`;
}

/** Reads the current mark: it did not move, or the caller is not in the chat. */
async function readMark(tx: Tx, userId: string, chatId: string) {
  await authorizeChat(tx, userId, chatId, 'chat.markRead');
  const { rows } = await tx.execute<Mark>(sql`
    select m.last_read_seq, m.last_read_number, h.last_number
    from live_chat_members m join chat_heads h on h.chat_id = m.chat_id
    where m.chat_id = ${chatId} and m.user_id = ${userId}`);
  // A workspace Admin can act in a public channel without being a member, but has no mark there.
  if (rows[0] === undefined) throw refuse('not_a_member');
  return markOf(rows[0]);
}
