import { type ServiceScope, ServiceScope as Scopes } from '@fechatter/contract';
import type { Database } from '@fechatter/drizzle';
import { Budget, type Config, type Spent } from '@fechatter/service-kit';
import { randomBytes } from 'node:crypto';
import { hashOfToken } from './hash-of-token.ts';

/** A key with which the server of another app calls `admin.*`. */
export interface ServiceKey {
  readonly id: string;
  /** Whose people, workspaces and chats it sees: what it names, it names as this issuer does. */
  readonly issuer: string;
  readonly scopes: readonly ServiceScope[];
}

export interface ServiceKeys {
  /** Undefined for a text that is no key, and for a key that was revoked: at once, on all servers. */
  find(token: string): Promise<ServiceKey | undefined>;
  /** Takes one call from a key's budget in this process; undefined if keys have none. */
  spend(key: ServiceKey): (Spent & { readonly max: number }) | undefined;
}

const PREFIX = 'fcs_';
const SECRET_BYTES = 32;
const form = /^fcs_[\w-]{43}$/;

/** Whether a bearer's token is meant to be one: whether it is one says the database. */
export const isServiceKey = (token: string | undefined): token is string => token?.startsWith(PREFIX) === true;

/** A new key, to be shown once. */
export const newServiceKey = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64url');

export function createServiceKeys(
  { pool }: Database,
  { serviceKeyCallsPerMinute: max }: Pick<Config<'server'>['limits'], 'serviceKeyCallsPerMinute'>,
): ServiceKeys {
  const budget = new Budget(max);
  return {
    async find(token) {
      if (!form.test(token)) return undefined;
      const { rows } = await pool.query<{ id: string; issuer: string; scopes: readonly string[] }>({
        name: 'service-key',
        text: `
          with used as (
            update service_keys set last_used_at = now()
            where token_hash = $1 and revoked_at is null and coalesce(last_used_at < now() - interval '1 minute', true))
          select id, issuer, scopes from service_keys where token_hash = $1 and revoked_at is null`,
        values: [hashOfToken(token)],
      });
      if (rows[0] === undefined) return undefined;
      const { id, issuer, scopes } = rows[0];
      return { id, issuer, scopes: Scopes.options.filter((scope) => scopes.includes(scope)) };
    },
    spend: ({ id }) => (max === 0 ? undefined : { max, ...budget.take(id) }),
  };
}
