import { NewWebhookSecret, WebhookRef } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { ofWebhook } from './authorize-webhook.ts';
import { changeWebhook } from './change-webhook.ts';
import { insertSecret } from './new-secret.ts';

const BOTH_SIGN_HOURS = 24;

export const rotateSecret = ofWebhook('heavy')
  .input(WebhookRef)
  .output(NewWebhookSecret)
  .meta({
    openapi: {
      method: 'POST',
      path: '/webhooks/{webhook_id}/secret',
      successStatus: 201,
      summary: 'Replace the secret of a webhook',
      description:
        'For Admins and Owners of its workspace. The new secret is shown only once, in this response. For 24 hours the one ' +
        'before signs too, so a receiver can change at any time within them; one that was replaced earlier ends at once.',
      tags: ['webhook'],
      refusals: ['webhook_not_found', 'role_too_low'],
    },
  })
  .mutation(({ ctx, input: { webhookId } }) =>
    changeWebhook(ctx, webhookId, async (tx, { note }) => {
      await tx.execute(sql`delete from webhook_secrets where webhook_id = ${webhookId} and ends_at is not null`);
      await tx.execute(sql`
        update webhook_secrets set ends_at = clock_timestamp() + make_interval(hours => ${BOTH_SIGN_HOURS})
        where webhook_id = ${webhookId}`);
      const secret = await insertSecret(tx, ctx.deps, webhookId);
      note('webhook.secretRotated');
      return { secret };
    }),
  );
