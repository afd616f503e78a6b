import { Message, MessageRef } from '@fechatter/contract';
import type { ReadMessageRow } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { inChat } from '../access/scoped-procedures.ts';
import { messagePageSql } from './page-sql.ts';
import { shownMessage } from './shown-message.ts';

export const get = inChat('chat.read', 'read')
  .input(MessageRef)
  .output(Message)
  .meta({
    openapi: {
      method: 'GET',
      path: '/chats/{chat_id}/messages/{message_id}',
      summary: 'Get a message',
      description:
        'One message of a chat that you can read, in its current state. A deleted one is `message_not_found`, ' +
        'unless it has replies.',
      tags: ['message'],
      refusals: ['chat_not_found', 'message_not_found'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { chatId, messageId } }) => {
    const { rows } = await deps.db.pool.query<ReadMessageRow | { id: null }>({
      name: 'messages_ids',
      text: messagePageSql.ids,
      values: [principal.userId, chatId, 1, [messageId]],
    });
    const [row] = rows;
    if (row === undefined) throw refuse('chat_not_found');
    if (row.id === null) throw refuse('message_not_found');
    return shownMessage(deps, row);
  });
