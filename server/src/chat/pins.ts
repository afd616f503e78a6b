import { ChatPins, ChatRef, limits } from '@fechatter/contract';
import { messageColumnsFor, messageJoins, type ReadMessageRow } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { readableChat } from '../access/readable-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { shownMessage } from '../message/shown-message.ts';

// Each message by its key: with the number of rows that the planner assumes, a join would read the whole chat.
const pinsSql = `
  with scope as materialized (${readableChat('$1', '$2')})
  select l.* from scope left join lateral (
    select p.seq as pin_seq, ${messageColumnsFor('$1')}
    from (select * from pins where chat_id = $2::uuid order by seq desc limit ${limits.pinsMax}) p
    cross join lateral (select * from messages where id = p.message_id and deleted_at is null limit 1) m
    ${messageJoins}) l on true
  order by l.pin_seq desc`;

export const pins = inChat('chat.read', 'read')
  .input(ChatRef)
  .output(ChatPins)
  .meta({
    openapi: {
      method: 'GET',
      path: '/chats/{chat_id}/pins',
      summary: 'List pinned messages',
      description: 'All pinned messages of a chat, at most 100, the latest pinned first. For everyone who can read it.',
      tags: ['chat'],
      refusals: ['chat_not_found'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { chatId } }) => {
    const { rows } = await deps.db.pool.query<ReadMessageRow | { id: null }>({
      name: 'chat-pins',
      text: pinsSql,
      values: [principal.userId, chatId],
    });
    if (rows[0] === undefined) throw refuse('chat_not_found');
    return { messages: rows.filter((row) => row.id !== null).map((row) => shownMessage(deps, row)) };
  });
