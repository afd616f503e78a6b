import { WebhookRef } from '@fechatter/contract';
import { findRoom, inTransaction, sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { authorizeWebhook, ofWebhook } from './authorize-webhook.ts';

export const test = ofWebhook('heavy')
  .input(WebhookRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'POST',
      path: '/webhooks/{webhook_id}/test',
      successStatus: 202,
      summary: 'Test a webhook',
      description:
        'For Admins and Owners of its workspace. Sends `{"type": "webhook.test"}` with its ids, after what waits already; the deliveries show what became of it.',
      tags: ['webhook'],
      refusals: ['webhook_not_found', 'role_too_low', 'webhook_off', 'quota_exceeded'],
    },
  })
  .mutation(({ ctx: { deps, principal }, input: { webhookId } }) =>
    inTransaction(deps.db, async (tx) => {
      // The lane first, as workers do.
      await tx.execute(sql`select 1 from webhook_lanes where webhook_id = ${webhookId} and not is_retry for update`);
      const webhook = await authorizeWebhook(tx, principal.userId, webhookId);
      if (webhook.off_at !== null) throw refuse('webhook_off');
      await findRoom(tx, [webhookId], 1);
      const { rows } = await tx.execute(sql`
        update webhook_lanes set room = room - 1, due_at = coalesce(due_at, clock_timestamp())
        where webhook_id = ${webhookId} and not is_retry and room > 0 returning 1`);
      if (rows.length === 0) throw refuse('quota_exceeded', { message: 'Too many deliveries wait for this webhook.' });
      await tx.execute(sql`insert into webhook_deliveries (webhook_id) values (${webhookId})`);
    }),
  );
