import type { SessionRow as Session } from '@fechatter/contract';
import { alias } from 'drizzle-orm/pg-core';
import type { Tables } from '../database.ts';
import { sessions } from '../schema.ts';
import { columnList, type Columns, type RowOf } from './columns.ts';

/** The alias of sessions in {@link selectSessions}, for conditions. */
export const sessionTable = alias(sessions, 's');
const s = sessionTable;

const columns = {
  id: s.id,
  name: s.name,
  user_agent: s.userAgent,
  ip: s.ip,
  created_at: s.createdAt,
  last_used_at: s.lastUsedAt,
  expires_at: s.expiresAt,
} as const satisfies Columns;
/** The columns of a session, for `from sessions s`. */
export const sessionColumns = columnList(columns);
/** {@link sessionColumns} as SQL returns them. */
export type SessionColumns = RowOf<typeof columns>;

/** Sessions, for the query builder. */
export const selectSessions = (tables: Pick<Tables, 'select'>) => tables.select(columns).from(s);

/** A session as its owner sees it, without whether it is the caller's. */
export const sessionOf = (row: SessionColumns): Omit<Session, 'current'> => ({
  id: row.id,
  name: row.name,
  userAgent: row.user_agent,
  ip: row.ip,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  expiresAt: row.expires_at,
});
