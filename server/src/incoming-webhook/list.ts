import { ChatRef, IncomingWebhookList, limits } from '@fechatter/contract';
import { incomingWebhookColumns, incomingWebhookOf, type IncomingWebhookRow } from '@fechatter/drizzle';
import { authorizeChat } from '../access/authorize-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';

const incomingSql = `
  select ${incomingWebhookColumns} from incoming_webhooks i join users u on u.id = i.user_id
  where i.chat_id = $1 order by i.id limit $2`;

export const list = inChat('chat.manageWebhooks', 'read')
  .input(ChatRef)
  .output(IncomingWebhookList)
  .meta({
    openapi: {
      method: 'GET',
      path: '/chats/{chat_id}/incoming-webhooks',
      summary: 'List the incoming webhooks of a chat',
      description: 'For Admins and Owners of the chat: all of them, oldest first, without their secrets.',
      tags: ['incomingWebhook'],
      refusals: ['chat_not_found', 'not_a_member', 'role_too_low', 'single_chat_fixed'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { chatId } }) => {
    await authorizeChat(deps.db.tables, principal.userId, chatId, 'chat.manageWebhooks');
    const { rows } = await deps.db.pool.query<IncomingWebhookRow>({
      name: 'incoming-webhooks',
      text: incomingSql,
      values: [chatId, limits.incomingWebhooksMax],
    });
    return { incomingWebhooks: rows.map(incomingWebhookOf) };
  });
