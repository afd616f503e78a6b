import { type Database, sql } from '@fechatter/drizzle';
import type { Deps } from '../deps.ts';
import { type Change, makeChange } from '../change/change.ts';

const ROWS_A_TRANSACTION = 500;

interface OwnReaction extends Record<string, unknown> {
  readonly chatId: string;
  readonly messageId: string;
  readonly emoji: string;
}

/** Removes all reactions of a person, and announces each in its chat. False: stopped before the end. */
export async function wipeReactions(
  deps: Pick<Deps, 'notifier' | 'db'>,
  userId: string,
  signal: AbortSignal,
): Promise<boolean> {
  for (let batch = await someOf(deps.db, userId); batch.length > 0; batch = await someOf(deps.db, userId)) {
    if (signal.aborted) return false;
    const chatIds = [...new Set(batch.map(({ chatId }) => chatId))];
    await makeChange({ deps }, (change) => wipeBatch(change, userId, chatIds));
  }
  return true;
}

/** Those in a chat whose import is not finished stay until it is. */
const ofPerson = `
  select m.chat_id as "chatId", r.message_id as "messageId", r.emoji
  from reactions r join messages m on m.id = r.message_id join chats c on c.id = m.chat_id`;

async function someOf({ pool }: Database, userId: string): Promise<OwnReaction[]> {
  const { rows } = await pool.query<OwnReaction>({
    name: 'reactions-to-wipe',
    text: `${ofPerson} where r.user_id = $1 order by r.message_id limit $2`,
    values: [userId, ROWS_A_TRANSACTION],
  });
  return rows;
}

/** Wipes in these chats, after checking again under their locks: a message and its reactions may have been deleted meanwhile. */
async function wipeBatch(change: Change, userId: string, chatIds: readonly string[]): Promise<void> {
  await change.lockChats(chatIds);
  const { rows } = await change.tx.execute<OwnReaction>(sql`
    ${sql.raw(ofPerson)} where r.user_id = ${userId} and m.chat_id = any (${sql.param([...chatIds])}::uuid[])
    order by r.message_id limit ${ROWS_A_TRANSACTION}`);
  const seqs = rows.map(({ chatId, messageId, emoji }) =>
    change.announceInChat(chatId, 'message.reacted', {
      subjectId: messageId,
      facts: { userId, emoji, isAdded: false },
    }),
  );
  const { rows: refused } = await change.tx.execute(sql`
    select from (select change_reaction(chat_id, message_id, ${userId}, emoji, false, seq) as outcome
    from unnest(${sql.param(rows.map((row) => row.chatId))}::uuid[], ${sql.param(rows.map((row) => row.messageId))}::uuid[],
      ${sql.param(rows.map((row) => row.emoji))}::text[], ${sql.param(seqs)}::bigint[]) t (chat_id, message_id, emoji, seq)) c where outcome <> 0`);
  if (refused.length > 0) throw new Error('a reaction cannot be removed');
}
