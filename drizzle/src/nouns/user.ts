import { type Me, type MemberUser, NIL_ID, UNREADABLE, type User } from '@fechatter/contract';
import { alias } from 'drizzle-orm/pg-core';
import type { Tables } from '../database.ts';
import { users } from '../schema.ts';
import { columnList, type Columns, type RowOf } from './columns.ts';
import type { NounSource } from './noun.ts';

/** The alias of users in {@link selectUsers}, for conditions. */
export const userTable = alias(users, 'u');
const u = userTable;

/** The columns of a person in a list of members, for `from users u`. */
export const memberUserColumns = {
  id: u.id,
  kind: u.kind,
  name: u.fullName,
  avatar_url: u.avatarUrl,
  status: u.status,
  account_id: u.accountId,
} as const satisfies Columns;
/** {@link memberUserColumns} as a select list. */
export const memberUserColumnList = columnList(memberUserColumns);
/** The same as SQL returns them. */
export type MemberUserRow = RowOf<typeof memberUserColumns>;

export const memberUserOf = (row: MemberUserRow): MemberUser => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  avatarUrl: row.avatar_url,
  status: row.status,
  ...(row.account_id !== null && { accountId: row.account_id }),
});

const userColumns = { ...memberUserColumns, created_at: u.createdAt } as const satisfies Columns;
const ownColumns = { ...userColumns, email: u.email, email_verified_at: u.emailVerifiedAt } as const satisfies Columns;
/** The columns of a person that others see, for `from users u`. */
export const userColumnList = columnList(userColumns);
/** {@link userColumnList} as SQL returns them. */
export type UserRow = RowOf<typeof userColumns>;
/** The columns that a person sees of themselves, for `from users u`. */
export const meColumns = columnList(ownColumns);
/** {@link meColumns} as SQL returns them. */
export type MeRow = RowOf<typeof ownColumns>;

/** People, for the query builder. */
export const selectUsers = (tables: Pick<Tables, 'select'>) => tables.select(userColumns).from(u);
/** The same with the columns that only they themselves see. */
export const selectMe = (tables: Pick<Tables, 'select'>) => tables.select(ownColumns).from(u);

export const userOf = (row: UserRow): User => ({
  id: row.id,
  kind: row.kind,
  fullName: row.name,
  avatarUrl: row.avatar_url,
  status: row.status,
  createdAt: row.created_at,
});

export const meOf = (row: MeRow): Me => ({
  ...userOf(row),
  email: row.email,
  emailVerifiedAt: row.email_verified_at,
});

export const userSource: NounSource<'user', MemberUserRow> = {
  reference: 'subjectId',
  table: 'users',
  as: 'u',
  joins: [],
  columns: memberUserColumns,
  show: memberUserOf,
  standIn: ({ subjectId }) => ({
    id: subjectId ?? NIL_ID,
    kind: 'Person',
    name: UNREADABLE,
    avatarUrl: null,
    status: 'Active',
  }),
};
