import { type Delivery, definitionOfCode, encodeCursor, type Webhook, WebhookKind } from '@fechatter/contract';
import { alias } from 'drizzle-orm/pg-core';
import { webhookDeliveries, webhooks } from '../schema.ts';
import { columnList, type Columns, type RowOf } from './columns.ts';

const w = alias(webhooks, 'w');
const d = alias(webhookDeliveries, 'd');

const columns = {
  id: w.id,
  bot_id: w.botId,
  url: w.url,
  codes: w.codes,
  off_at: w.offAt,
  off_reason: w.offReason,
  failing_since: w.failingSince,
  dropped_count: w.droppedCount,
  dropped_at: w.droppedAt,
  created_by: w.createdBy,
  created_at: w.createdAt,
} as const satisfies Columns;
/** The columns of a webhook, for `webhooks w`. */
export const webhookColumns = columnList(columns);
/** {@link webhookColumns} as SQL returns them. */
export type WebhookRow = RowOf<typeof columns>;

/** The noun of a row. A kind that this release does not know is left out. */
export const webhookOf = (row: WebhookRow): Webhook => ({
  id: row.id,
  botId: row.bot_id,
  url: row.url,
  kinds: WebhookKind.options.filter((kind) => row.codes.some((code) => definitionOfCode(code)?.kind === kind)),
  isEnabled: row.off_at === null,
  offReason: row.off_reason,
  failingSince: row.failing_since,
  droppedCount: row.dropped_count,
  droppedAt: row.dropped_at,
  createdBy: row.created_by,
  createdAt: row.created_at,
});

const deliveryColumnsOf = {
  id: d.id,
  webhook_id: d.webhookId,
  number: d.number,
  code: d.code,
  pos: d.pos,
  nonce: d.nonce,
  happened_at: d.happenedAt,
  state: d.state,
  attempts: d.attempts,
  due_at: d.dueAt,
  status: d.status,
  failure: d.failure,
  attempted_at: d.attemptedAt,
} as const satisfies Columns;
/** The columns of a delivery, for `webhook_deliveries d`. */
export const deliveryColumns = columnList(deliveryColumnsOf);
/** {@link deliveryColumns} as SQL returns them. */
export type DeliveryRow = RowOf<typeof deliveryColumnsOf>;

/** The `webhook-id` of a delivery: its webhook and the event, or for a test the delivery itself. */
export const messageIdOf = ({ webhook_id: webhookId, id, pos, nonce }: DeliveryRow): string =>
  `${webhookId}_${pos === null || nonce === null ? id : encodeCursor({ pos, nonce })}`;

/** The kind that a delivery sends; undefined for one that this release does not know. */
export const kindOfDelivery = ({ code }: Pick<DeliveryRow, 'code'>): Delivery['kind'] | undefined =>
  code === null ? 'webhook.test' : definitionOfCode(code)?.kind;

/** The nouns of rows. A delivery of a kind that this release does not know is left out. */
export const deliveriesOf = (rows: readonly DeliveryRow[]): Delivery[] =>
  rows.flatMap((row) => {
    const kind = kindOfDelivery(row);
    if (kind === undefined) return [];
    const { id, state, attempts, status, failure } = row;
    const times = { happenedAt: row.happened_at, attemptedAt: row.attempted_at, dueAt: row.due_at };
    return [{ id, messageId: messageIdOf(row), kind, state, attempts, status, failure, ...times }];
  });
