import type { ReadMark } from '@fechatter/contract';
import { markOf, mentionNumbers, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { authorizeChat } from '../access/authorize-chat.ts';
import { makeChange } from '../change/change.ts';
import type { AuthedContext } from '../context.ts';
import { showsReceipts } from '../signals/shows-receipts.ts';
import { isSmallEnough, membersMaxOf } from '../signals/members-max.ts';

/** A mark as a transaction reads it, with counters as text. */
interface Mark extends Record<string, unknown> {
  last_read_seq: string;
  last_read_number: string;
  mark_version: string;
  mark_seq: string;
  last_number: string;
  mention_numbers: readonly number[];
}
export interface MovedMark extends Mark {
  /** The other members who receive no signal: they hide their own receipts. Null: no one receives one. */
  hidden_from: readonly string[] | null;
}

const numbers = sql.raw(mentionNumbers({ userId: 'm.user_id', chatId: 'm.chat_id', after: 'm.last_read_number' }));

/** The columns that an update of memberships `m` returns for a mark that has moved, given the head `t`. */
export const movedMark = sql`m.last_read_seq, m.last_read_number, m.mark_version, m.mark_seq, t.last_number, ${numbers} as mention_numbers,
  case when m.last_read_number > m.highest_read_number and ${sql.raw(showsReceipts('m.user_id'))}
    and ${isSmallEnough('seen', sql`m.chat_id`)} then array(
      select o.user_id from live_chat_members o
      where o.chat_id = m.chat_id and not ${sql.raw(showsReceipts('o.user_id'))} limit ${membersMaxOf('seen')}) end as hidden_from`;

/**
 * Moves the caller's mark in a chat, and notifies their other devices; also the other members, if the caller has read
 * further than ever before. `move` returns nothing if the mark stays where it is.
 */
export async function moveMark(
  ctx: AuthedContext,
  chatId: string,
  move: (tx: Tx) => Promise<MovedMark | undefined>,
): Promise<ReadMark> {
  const userId = ctx.principal.userId;
  const { mark, hiddenFrom } = await makeChange(ctx, async (change) => {
    const moved = await move(change.tx);
    if (moved === undefined) return { mark: await readMark(change.tx, userId, chatId), hiddenFrom: null };
    change.announceToUser(userId, 'chat.read', { chatId });
    return { mark: shown(moved), hiddenFrom: moved.hidden_from };
  });
  const { lastReadNumber } = mark;
  if (hiddenFrom !== null) ctx.deps.signals.publish({ kind: 'seen', chatId, userId, lastReadNumber }, hiddenFrom);
  return mark;
}

/** Reads the current mark: it did not move, or the caller is not in the chat. */
async function readMark(tx: Tx, userId: string, chatId: string): Promise<ReadMark> {
  await authorizeChat(tx, userId, chatId, 'chat.markRead');
  const { rows } = await tx.execute<Mark>(sql`
    select m.last_read_seq, m.last_read_number, m.mark_version, m.mark_seq, h.last_number, ${numbers} as mention_numbers
    from live_chat_members m join chat_heads h on h.chat_id = m.chat_id
    where m.chat_id = ${chatId} and m.user_id = ${userId}`);
  // A workspace Admin can act in a public channel without being a member, but has no mark there.
  if (rows[0] === undefined) throw refuse('not_a_member');
  return shown(rows[0]);
}

const shown = (mark: Mark): ReadMark =>
  markOf({
    last_read_seq: Number(mark.last_read_seq),
    last_read_number: Number(mark.last_read_number),
    mark_version: Number(mark.mark_version),
    mark_seq: Number(mark.mark_seq),
    last_number: Number(mark.last_number),
    mention_numbers: mark.mention_numbers,
  });
