import { DeliveryRef } from '@fechatter/contract';
import { inTransaction, sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { authorizeWebhook, ofWebhook } from './authorize-webhook.ts';

export const redeliver = ofWebhook('heavy')
  .input(DeliveryRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'POST',
      path: '/webhooks/{webhook_id}/deliveries/{delivery_id}',
      successStatus: 202,
      summary: 'Send a delivery again',
      description:
        'For Admins and Owners of its workspace. It is sent again at once, whatever became of it, with the same `webhook-id` and the event as it is ' +
        'now; if that fails it is retried like a new one.',
      tags: ['webhook'],
      refusals: ['webhook_not_found', 'role_too_low', 'delivery_not_found', 'webhook_off'],
    },
  })
  .mutation(({ ctx: { deps, principal }, input: { webhookId, deliveryId } }) =>
    inTransaction(deps.db, async (tx) => {
      // The lane first, as workers do.
      await tx.execute(sql`select 1 from webhook_lanes where webhook_id = ${webhookId} and is_retry for update`);
      const webhook = await authorizeWebhook(tx, principal.userId, webhookId);
      if (webhook.off_at !== null) throw refuse('webhook_off');
      const { rows } = await tx.execute(sql`
        update webhook_deliveries set due_at = clock_timestamp(), finished_at = null,
          attempts = case when state = 'Waiting' then attempts else 0 end, state = 'Waiting'
        where id = ${deliveryId} and webhook_id = ${webhookId} returning 1`);
      if (rows.length === 0) throw refuse('delivery_not_found');
      await tx.execute(sql`
        update webhook_lanes set due_at = clock_timestamp() where webhook_id = ${webhookId} and is_retry and lease is null`);
    }),
  );
