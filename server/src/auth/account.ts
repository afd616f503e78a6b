import { addressForm, isStorable, type Status } from '@fechatter/contract';
import type { Database } from '@fechatter/drizzle';

/** What signing in needs to know of an account. */
export interface Account {
  readonly id: string;
  readonly passwordHash: string;
  readonly status: Status;
  /** Of the tokens of its known devices. */
  readonly deviceEpoch: number;
  /** False: it only says that the address is its person's, and is entered from its own devices alone. */
  readonly holdsEmail: boolean;
  /** The database's clock. */
  readonly nowSeconds: number;
}

/**
 * The account with this address; its domain in either form. What cannot be stored is not looked for. `ownId` is found by
 * an address that it only claims, too.
 */
export async function accountOf({ pool }: Database, email: string, ownId?: string): Promise<Account | undefined> {
  if (!isStorable(email)) return undefined;
  const { rows } = await pool.query<Account>({
    name: 'account-by-email',
    text: `select id, password_hash as "passwordHash", status, device_epoch as "deviceEpoch",
             extract(epoch from now())::int8::float8 as "nowSeconds", holds_email as "holdsEmail"
           from users where lower(email collate "C") = lower($1::text collate "C") and (holds_email or id = $2::uuid)
           order by id = $2::uuid desc limit 1`,
    values: [addressForm(email), ownId ?? null],
  });
  return rows[0];
}

/** What the limits of an account are counted by: the same whether or not it exists. */
export const accountKey = (email: string): string => addressForm(email).toLowerCase();
