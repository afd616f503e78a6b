import { BotRef, limits, WebhookList } from '@fechatter/contract';
import { webhookColumns, webhookOf, type WebhookRow } from '@fechatter/drizzle';
import { authorizeBot, ofBot } from '../bot/authorize-bot.ts';

const webhooksSql = `
  select ${webhookColumns} from bots b
  join live_workspace_members m on m.workspace_id = b.workspace_id and m.user_id = $2 and m.role >= 'Admin'
  join webhooks w on w.bot_id = b.user_id and w.deleted_at is null
  where b.user_id = $1 and b.deleted_at is null
  order by w.id limit $3`;

export const list = ofBot('read')
  .input(BotRef)
  .output(WebhookList)
  .meta({
    openapi: {
      method: 'GET',
      path: '/bots/{bot_id}/webhooks',
      summary: 'List the webhooks of a bot',
      description: 'For Admins and Owners of its workspace: all of them, oldest first, without their secrets.',
      tags: ['webhook'],
      refusals: ['bot_not_found', 'role_too_low'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { botId } }) => {
    const { rows } = await deps.db.pool.query<WebhookRow>({
      name: 'webhooks',
      text: webhooksSql,
      values: [botId, principal.userId, limits.webhooksMax],
    });
    if (rows.length === 0) await authorizeBot(deps.db.tables, principal.userId, botId);
    return { webhooks: rows.map(webhookOf) };
  });
