import { codeOf, Webhook, WebhookUpdate } from '@fechatter/contract';
import { endWaitingDeliveries, sql, webhookOf } from '@fechatter/drizzle';
import { isDeepStrictEqual } from 'node:util';
import { authorizeWebhook, ofWebhook } from './authorize-webhook.ts';
import { changeWebhook } from './change-webhook.ts';

export const update = ofWebhook('write')
  .input(WebhookUpdate)
  .output(Webhook)
  .meta({
    openapi: {
      method: 'PATCH',
      path: '/webhooks/{webhook_id}',
      summary: 'Change a webhook',
      description:
        'For Admins and Owners of its workspace. A missing key leaves its value unchanged. `is_enabled: false` switches it ' +
        'off: what waits fails, and further events are not kept. `is_enabled: true` also ends that the service switched it off; events ' +
        'from now on are sent.',
      tags: ['webhook'],
      refusals: ['webhook_not_found', 'role_too_low'],
    },
  })
  .mutation(({ ctx, input: { webhookId, url, kinds, isEnabled } }) =>
    changeWebhook(ctx, webhookId, async (tx, { row, note }) => {
      const isOn = row.off_at === null;
      const codes = kinds?.map(codeOf);
      const hasChanged =
        (url !== undefined && url !== row.url) ||
        (codes !== undefined && !isDeepStrictEqual(new Set(codes), new Set(row.codes))) ||
        (isEnabled !== undefined && isEnabled !== isOn);
      if (!hasChanged) return webhookOf(row);
      await tx.execute(sql`
        update webhooks set url = ${url ?? row.url}, codes = ${sql.param(codes ?? row.codes)}::smallint[],
          off_at = ${(isEnabled ?? isOn) ? null : sql`coalesce(off_at, clock_timestamp())`},
          off_reason = ${isEnabled === undefined ? row.off_reason : null},
          failing_since = ${isEnabled === true && !isOn ? null : sql`failing_since`}
        where id = ${webhookId}`);
      if (isEnabled === false && isOn) await endWaitingDeliveries(tx, webhookId);
      note('webhook.updated');
      return webhookOf(await authorizeWebhook(tx, ctx.principal.userId, webhookId));
    }),
  );
