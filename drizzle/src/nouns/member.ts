import type { Member } from '@fechatter/contract';
import { alias } from 'drizzle-orm/pg-core';
import { chatMembers } from '../schema.ts';
import { columnList, type Columns, type RowOf } from './columns.ts';
import { memberUserColumns, memberUserOf } from './user.ts';

/** Memberships of a chat or of a workspace: both have the same columns. */
const p = alias(chatMembers, 'p');

const columns = { ...memberUserColumns, role: p.role, joined_at: p.joinedAt } as const satisfies Columns;
/** The columns of a membership, for memberships `p` joined with users `u`. */
export const memberColumns = columnList(columns);
/** An open membership as SQL returns it; `id` is the person's. */
export type MemberRow = RowOf<typeof columns>;

export const memberOf = (row: MemberRow): Member => ({
  user: memberUserOf(row),
  role: row.role,
  joinedAt: row.joined_at,
});
