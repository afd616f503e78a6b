import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

/** A customer of the shop, as its own table has them. */
export interface Customer {
  readonly id: string;
  readonly name: string;
}

const hashOf = (password: string, salt: string) => scryptSync(password, salt, 32);
const row = (id: string, name: string, password: string) => ({ id, name, salt: id, hash: hashOf(password, id) });
const rows = [row('customer-1', 'Ada', 'lovelace'), row('customer-2', 'Grace', 'hopper')];
const SESSIONS_MAX = 10_000;
const sessions = new Map<string, Customer>();

/** The cookie's value of a new session; undefined for a wrong name or password. */
export function signIn(
  name: string,
  password: string,
): { readonly cookie: string; readonly customer: Customer } | undefined {
  const found = rows.find((one) => one.name === name);
  const isRight = timingSafeEqual(hashOf(password, found?.salt ?? ''), found?.hash ?? Buffer.alloc(32));
  if (found === undefined || !isRight) return undefined;
  const cookie = randomBytes(32).toString('base64url');
  for (const oldest of sessions.keys()) if (sessions.size >= SESSIONS_MAX) sessions.delete(oldest);
  sessions.set(cookie, found);
  return { cookie, customer: found };
}

export const customerOf = (cookie: string | undefined): Customer | undefined => sessions.get(cookie ?? '');
