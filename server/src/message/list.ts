import { limits, MessageList, MessageListInput } from '@fechatter/contract';
import { messageColumns, messageJoins, type MessageRow } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { readableChat } from '../access/readable-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { shownMessage } from './shown-message.ts';

type Direction = 'newest' | 'before' | 'after';
/** A row of the page; a chat without any has one row of nulls, so that "no row at all" means no chat. */
type PageRow = { anchor_seq: number | null } & (MessageRow | { [K in keyof MessageRow]: null });

export const list = inChat('Reader')
  .input(MessageListInput)
  .output(MessageList)
  .meta({
    openapi: {
      method: 'GET',
      path: '/chats/{chat_id}/messages',
      summary: 'List messages, newest first',
      description:
        'The newest ones, or those next `before` or next `after` a message of the chat, deleted ones included as a ' +
        'place to begin. Newest first, also with `after`; `has_more` speaks of the direction that was asked for. ' +
        'Members read the whole history; of a public channel everyone in the workspace does.',
      tags: ['message'],
      refusals: ['chat_not_found', 'message_not_found', 'before_and_after'],
    },
  })
  .query(async ({ ctx: { deps, user }, input: { chatId, limit = limits.pageDefault, before, after } }) => {
    if (before !== undefined && after !== undefined) throw refuse('before_and_after');
    const direction: Direction = after !== undefined ? 'after' : before !== undefined ? 'before' : 'newest';
    const anchor = before ?? after;
    const { rows } = await deps.db.pool.query<PageRow>({
      name: `messages_${direction}`,
      text: messagePageSql[direction],
      values: anchor === undefined ? [user.id, chatId, limit + 1] : [user.id, chatId, limit + 1, anchor],
    });
    if (rows[0] === undefined) throw refuse('chat_not_found');
    if (anchor !== undefined && rows[0].anchor_seq === null) throw refuse('message_not_found');
    const found = rows.filter((row) => row.id !== null);
    const hasMore = found.length > limit;
    // The one too many is the farthest from where the page begins.
    const page = !hasMore ? found : direction === 'after' ? found.slice(1) : found.slice(0, -1);
    return { messages: page.map((row) => shownMessage(deps, row)), hasMore };
  });

/**
 * Planned once, however large the chat: the planner believes that a limit it does not know lets a tenth through, so
 * without the one that it does know each call looks worth a plan of its own, which takes longer than the call.
 */
function statement(condition: string, order: 'asc' | 'desc', anchor: string): string {
  return `
    with scope as materialized (${readableChat('$1', '$2')}),
    anchor as materialized (${anchor})
    select anchor.seq as anchor_seq, p.*
    from scope left join anchor on true left join lateral (
      select ${messageColumns}
      from (
        select * from (
          select * from messages where chat_id = $2::uuid and deleted_at is null and ${condition}
          order by seq ${order} limit ${limits.pageMax + 1}) longest
        limit $3) m
      ${messageJoins}) p on true
    order by p.seq desc`;
}

const given = 'select a.seq from messages a where a.id = $4::uuid and a.chat_id = $2::uuid';
/**
 * The newest are those before the end of time: with a bound for seq no other index on the chat looks as good as the one
 * on both. Without it, a plan made while the table was small goes on to read and sort the whole chat.
 */
const end = 'select 9223372036854775807 as seq';
export const messagePageSql: Readonly<Record<Direction, string>> = {
  newest: statement('seq < anchor.seq', 'desc', end),
  before: statement('seq < anchor.seq', 'desc', given),
  after: statement('seq > anchor.seq', 'asc', given),
};
