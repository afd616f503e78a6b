import { WebhookRef } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { z } from 'zod';
import { ofWebhook } from './authorize-webhook.ts';
import { changeWebhook } from './change-webhook.ts';

export const deleteWebhook = ofWebhook('write')
  .input(WebhookRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/webhooks/{webhook_id}',
      successStatus: 204,
      summary: 'Delete a webhook',
      description:
        'For Admins and Owners of its workspace. Nothing more is sent, also nothing that waits. Deleting its bot does the same.',
      tags: ['webhook'],
      refusals: ['webhook_not_found', 'role_too_low'],
    },
  })
  .mutation(({ ctx, input: { webhookId } }) =>
    changeWebhook(ctx, webhookId, async (tx, { note }) => {
      await tx.execute(sql`update webhooks set deleted_at = clock_timestamp() where id = ${webhookId}`);
      note('webhook.deleted');
    }),
  );
