import { addressForm } from '@fechatter/contract';
import type { Database } from '@fechatter/drizzle';

/** A person as the operator sees them. */
export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly fullName: string;
  readonly status: 'Active' | 'Suspended';
  readonly createdAt: Date;
}

export const USER_COLUMNS = `u.id, u.email, u.full_name as "fullName", u.status, u.created_at as "createdAt"`;

/** The person with this id or e-mail address. */
export async function findUser({ pool }: Database, idOrEmail: string): Promise<UserRow> {
  const { rows } = await pool.query<UserRow>(
    `select ${USER_COLUMNS} from users u where u.id::text = lower($1::text collate "C") or lower(u.email collate "C") = lower($1::text collate "C")
     order by u.holds_email desc, u.id`,
    [addressForm(idOrEmail)],
  );
  if (rows[0] === undefined) throw new Error(`nobody has the id or e-mail address ${idOrEmail}`);
  return rows[0];
}
