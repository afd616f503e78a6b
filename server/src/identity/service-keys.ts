import { type ServiceScope, ServiceScope as Scopes } from '@fechatter/contract';
import type { Database } from '@fechatter/drizzle';
import { Budget, type Config, hashOfToken, idOfKey, limitedAddress, refuse, type Spent } from '@fechatter/service-kit';
import { LRUCache } from 'lru-cache';

/** A key with which the server of another app calls `admin.*`. */
export interface ServiceKey {
  readonly id: string;
  /** Whose people, workspaces and chats it sees: what it names, it names as this issuer does. */
  readonly issuer: string;
  readonly scopes: readonly ServiceScope[];
}

export interface ServiceKeys {
  /**
   * Undefined for a text that is no key, and for a key that was revoked: at once, on all servers. Also for a key whose
   * issuer is a provider's: it would sign in as people who made their account here and linked the provider. Throws
   * `rate_limited`, before anything is looked up, for a key that was not found lately from an address that gave too many
   * wrong ones.
   */
  find(token: string, address: string): Promise<ServiceKey | undefined>;
  /** Takes one call from a key's budget in this process; undefined if keys have none. */
  spend(key: ServiceKey): (Spent & { readonly max: number }) | undefined;
}

interface ServiceKeysConfig {
  readonly auth: Pick<Config<'server'>['auth'], 'providers'>;
  readonly limits: Pick<Config<'server'>['limits'], 'serviceKeyCallsPerMinute'>;
}

/** Of keys that earlier releases made: without an id and a checksum. */
const earlierForm = /^fcs_[\w-]{43}$/;

/** Per address, in this process: each look-up costs a query. */
const WRONG_PER_MINUTE = 60;
const FOUND_MAX = 1_000;

/** `nowMs` is a monotonic clock. */
export function createServiceKeys(
  { pool }: Database,
  { auth, limits }: ServiceKeysConfig,
  nowMs: () => number = () => performance.now(),
): ServiceKeys {
  const { serviceKeyCallsPerMinute: max } = limits;
  const budget = new Budget(max);
  const providers = new Set(auth.providers.map(({ issuer }) => issuer));
  const wrong = new Budget(WRONG_PER_MINUTE, nowMs);
  /** Hashes of keys that were found the last time: their look-ups are not counted. */
  const found = new LRUCache<string, true>({ max: FOUND_MAX });
  return {
    async find(token, address) {
      if (idOfKey('fcs', token) === undefined && !earlierForm.test(token)) return undefined;
      const hash = hashOfToken(token);
      const name = hash.toString('base64');
      const network = limitedAddress(address);
      const isCounted = !found.has(name);
      const { overMs } = isCounted ? wrong.take(network) : {};
      if (overMs !== undefined) throw refuse('rate_limited', { retryAfterMs: Math.max(1, Math.ceil(overMs)) });
      const { rows } = await pool.query<{ id: string; issuer: string; scopes: readonly string[] }>({
        name: 'service-key',
        text: `
          with used as (
            update service_keys set last_used_at = now()
            where token_hash = $1 and revoked_at is null and coalesce(last_used_at < now() - interval '1 minute', true))
          select id, issuer, scopes from service_keys where token_hash = $1 and revoked_at is null`,
        values: [hash],
      });
      if (rows[0] === undefined) {
        found.delete(name);
        return undefined;
      }
      found.set(name, true);
      if (isCounted) wrong.giveBack(network);
      const { id, issuer, scopes } = rows[0];
      if (providers.has(issuer)) return undefined;
      return { id, issuer, scopes: Scopes.options.filter((scope) => scopes.includes(scope)) };
    },
    spend: ({ id }) => (max === 0 ? undefined : { max, ...budget.take(id) }),
  };
}
