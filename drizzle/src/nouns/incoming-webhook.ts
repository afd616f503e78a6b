import type { IncomingWebhook } from '@fechatter/contract';
import { alias } from 'drizzle-orm/pg-core';
import { incomingWebhooks, users } from '../schema.ts';
import { columnList, type Columns, type RowOf } from './columns.ts';

const i = alias(incomingWebhooks, 'i');
const u = alias(users, 'u');

const columns = {
  id: i.id,
  chat_id: i.chatId,
  user_id: i.userId,
  name: u.fullName,
  avatar_url: u.avatarUrl,
  created_by: i.createdBy,
  created_at: i.createdAt,
} as const satisfies Columns;
/** The columns of an incoming webhook, for `incoming_webhooks i join users u on u.id = i.user_id`. */
export const incomingWebhookColumns = columnList(columns);
/** {@link incomingWebhookColumns} as SQL returns them. */
export type IncomingWebhookRow = RowOf<typeof columns>;

export const incomingWebhookOf = (row: IncomingWebhookRow): IncomingWebhook => ({
  id: row.id,
  chatId: row.chat_id,
  userId: row.user_id,
  name: row.name,
  avatarUrl: row.avatar_url,
  createdBy: row.created_by,
  createdAt: row.created_at,
});
