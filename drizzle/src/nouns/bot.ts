import { type Bot, BotScope } from '@fechatter/contract';
import { alias } from 'drizzle-orm/pg-core';
import { bots, users } from '../schema.ts';
import { columnList, type Columns, type RowOf } from './columns.ts';

const b = alias(bots, 'b');
const u = alias(users, 'u');

const columns = {
  id: b.userId,
  workspace_id: b.workspaceId,
  name: u.fullName,
  avatar_url: u.avatarUrl,
  scopes: b.scopes,
  created_by: b.createdBy,
  created_at: b.createdAt,
} as const satisfies Columns;
/** The columns of a bot, for `bots b join users u on u.id = b.user_id`. */
export const botColumns = columnList(columns);
/** {@link botColumns} as SQL returns them. */
export type BotRow = RowOf<typeof columns>;

/** The noun of a row. A scope that this release does not know is left out. */
export const botOf = (row: BotRow): Bot => ({
  id: row.id,
  workspaceId: row.workspace_id,
  name: row.name,
  avatarUrl: row.avatar_url,
  scopes: BotScope.options.filter((scope) => row.scopes.includes(scope)),
  createdBy: row.created_by,
  createdAt: row.created_at,
});
