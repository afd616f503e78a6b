import { addressForm } from '@fechatter/contract';
import type { Database } from '@fechatter/drizzle';

/** A person as the operator sees them. */
export interface UserRow {
  readonly id: string;
  /** Null: none is known. */
  readonly email: string | null;
  readonly fullName: string;
  readonly status: 'Active' | 'Suspended';
  readonly createdAt: Date;
}

export const USER_COLUMNS = `u.id, u.email, u.full_name as "fullName", u.status, u.created_at as "createdAt"`;

const SHOWN_MAX = 10;

/**
 * The person with this id or e-mail address. Any account can claim an unconfirmed address: if several accounts do, the
 * address identifies none of them.
 */
export async function findUser({ pool }: Database, idOrEmail: string): Promise<UserRow> {
  const { rows } = await pool.query<UserRow & { readonly holdsEmail: boolean; readonly count: number }>(
    `select ${USER_COLUMNS}, u.holds_email as "holdsEmail", (count(*) over ())::int as count from users u where u.id::text = lower($1::text collate "C") or lower(u.email collate "C") = lower($1::text collate "C")
     order by u.holds_email desc, u.id limit ${SHOWN_MAX}`,
    [addressForm(idOrEmail)],
  );
  if (rows[0] === undefined) throw new Error(`no account has the id or e-mail address ${idOrEmail}`);
  const { holdsEmail, count, ...user } = rows[0];
  if (holdsEmail || count === 1) return user;
  const ids = rows.map(({ id, createdAt }) => `${id} (since ${createdAt.toISOString()})`).join(', ');
  const more = count > rows.length ? ` and ${count - rows.length} more` : '';
  throw new Error(
    `${count} accounts use the address ${idOrEmail}, and none has verified it: give an id. They are ${ids}${more}`,
  );
}
