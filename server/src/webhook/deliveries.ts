import { DeliveryList, DeliveryPage } from '@fechatter/contract';
import { deliveriesOf, deliveryColumns, type DeliveryRow } from '@fechatter/drizzle';
import { z } from 'zod';
import { pagesOf } from '../page-cursor.ts';
import { authorizeWebhook, ofWebhook } from './authorize-webhook.ts';

const pages = pagesOf('deliveries', z.int().nonnegative(), (row: DeliveryRow) => row.number);

const deliveriesSql = `
  select ${deliveryColumns} from webhooks w
  join bots b on b.user_id = w.bot_id and b.deleted_at is null
  join live_workspace_members m on m.workspace_id = w.workspace_id and m.user_id = $2 and m.role >= 'Admin'
  join webhook_deliveries d on d.webhook_id = w.id
  where w.id = $1 and w.deleted_at is null and ($3::bigint is null or d.number < $3) and ($4::text is null or d.state = $4)
  order by d.number desc limit $5`;

export const deliveries = ofWebhook('read')
  .input(DeliveryPage)
  .output(DeliveryList)
  .meta({
    openapi: {
      method: 'GET',
      path: '/webhooks/{webhook_id}/deliveries',
      summary: 'List the deliveries of a webhook',
      description:
        'For Admins and Owners of its workspace, the latest event first: what waits, and what was sent or failed within seven days, at ' +
        'most 1,000 of these. Without bodies: those are made when they are sent.',
      tags: ['webhook'],
      refusals: ['webhook_not_found', 'role_too_low', 'invalid_cursor'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { webhookId, state, limit, cursor } }) => {
    const { rows } = await deps.db.pool.query<DeliveryRow>({
      name: 'webhook-deliveries',
      text: deliveriesSql,
      values: [webhookId, principal.userId, pages.place(cursor) ?? null, state ?? null, pages.rowsOf(limit)],
    });
    if (rows.length === 0) await authorizeWebhook(deps.db.tables, principal.userId, webhookId);
    const { page, nextCursor } = pages.cut(rows, limit);
    return { deliveries: deliveriesOf(page), nextCursor };
  });
