import { addressForm, isStorable, type Status } from '@fechatter/contract';
import type { Database } from '@fechatter/drizzle';

/** What signing in needs to know about an account. */
export interface Account {
  readonly id: string;
  readonly passwordHash: string;
  readonly status: Status;
  /** The epoch that tokens of its known devices must have. */
  readonly deviceEpoch: number;
  /** False: the account only claims the address, and can be entered only from its own devices. */
  readonly holdsEmail: boolean;
  /** Whether the password alone does not sign in. */
  readonly hasSecondFactor: boolean;
  /** The database's clock. */
  readonly nowSeconds: number;
}

/**
 * The account with this address, with its domain in either form. A text that cannot be stored is not looked up. The
 * account `ownId` is also found by an address that it only claims.
 */
export async function accountOf({ pool }: Database, email: string, ownId?: string): Promise<Account | undefined> {
  if (!isStorable(email)) return undefined;
  const { rows } = await pool.query<Account>({
    name: 'account-by-email',
    text: `select id, password_hash as "passwordHash", status, device_epoch as "deviceEpoch",
             extract(epoch from now())::int8::float8 as "nowSeconds", holds_email as "holdsEmail",
             second_factor_at is not null as "hasSecondFactor"
           from users where lower(email collate "C") = lower($1::text collate "C") and (holds_email or id = $2::uuid)
           order by id = $2::uuid desc limit 1`,
    values: [addressForm(email), ownId ?? null],
  });
  return rows[0];
}

/** The key for the limits of an account: the same whether or not the account exists. */
export const accountKey = (email: string): string => addressForm(email).toLowerCase();
