import { codeOf, NewWebhook, WebhookCreate } from '@fechatter/contract';
import { sql, webhookOf } from '@fechatter/drizzle';
import { v7 as uuidv7 } from 'uuid';
import { ofBot } from '../bot/authorize-bot.ts';
import { changeBot } from '../bot/change-bot.ts';
import { checkWebhooks } from '../limits/quotas.ts';
import { authorizeWebhook } from './authorize-webhook.ts';
import { insertSecret } from './new-secret.ts';

export const create = ofBot('heavy')
  .input(WebhookCreate)
  .output(NewWebhook)
  .meta({
    openapi: {
      method: 'POST',
      path: '/bots/{bot_id}/webhooks',
      successStatus: 201,
      summary: 'Create a webhook',
      description:
        'For Admins and Owners of the bot’s workspace. From now on the events of these kinds that the bot sees are sent to ' +
        'the URL, but not its own messages. The secret that signs them is shown only once, in this response. A bot has at most 10 webhooks, and ' +
        'a workspace 100.',
      tags: ['webhook'],
      refusals: ['bot_not_found', 'role_too_low', 'quota_exceeded'],
    },
  })
  .mutation(({ ctx, input: { botId, url, kinds } }) =>
    changeBot(ctx, botId, async (tx, { workspaceId, change }) => {
      await checkWebhooks(tx, workspaceId, botId);
      const webhookId = uuidv7();
      const { userId } = ctx.principal;
      await tx.execute(sql`
        insert into webhooks (id, bot_id, workspace_id, created_by, url, codes)
        values (${webhookId}, ${botId}, ${workspaceId}, ${userId}, ${url}, ${sql.param(kinds.map(codeOf))}::smallint[])`);
      await tx.execute(sql`
        insert into webhook_lanes (webhook_id, is_retry) values (${webhookId}, false), (${webhookId}, true)`);
      const secret = await insertSecret(tx, ctx.deps, webhookId);
      change.note('webhook.created', { workspaceId, userId: botId, details: { webhookId } });
      return { webhook: webhookOf(await authorizeWebhook(tx, userId, webhookId)), secret };
    }),
  );
