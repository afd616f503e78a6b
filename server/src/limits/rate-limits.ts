import type { Database } from '@fechatter/drizzle';
import {
  isLoopback,
  limitedAddress,
  type Config,
  type RateLeft,
  refuse,
  setRateLimitHeaders,
} from '@fechatter/service-kit';
import { createHmac, hkdfSync, randomUUID } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { type Limit, type LimitName, limitTable } from './limit-table.ts';

/** What a limit needs to know about a call: where it comes from, and the headers for what is left. */
export interface LimitedCall {
  readonly address: string;
  readonly responseHeaders: Headers;
}

/** Limits that apply across all servers, because they are counted in Postgres. */
export interface RateLimits {
  /** How often each limit refused in this process. */
  readonly refusals: Readonly<Record<string, number>>;
  /**
   * Counts one use of `name` by `key`, or by the caller's address where the limit is by address; throws rate_limited
   * over the limit. Sets RateLimit-* headers; of several limits, for the one that ends first. Returns how many uses
   * were counted, 0 where none are.
   */
  take(ctx: LimitedCall, name: LimitName, ...key: readonly string[]): Promise<number>;
  /** Counts one use, and returns only whether it was within the limit. */
  isWithin(name: LimitName, ...key: readonly string[]): Promise<boolean>;
  /** Whether one more use would be within the limit; counts none. */
  hasLeft(name: LimitName, ...key: readonly string[]): Promise<boolean>;
  /** Sets headers with how many uses are left, without counting one. */
  show(ctx: LimitedCall, name: LimitName, ...key: readonly string[]): Promise<void>;
  /** Takes back one use that turned out not to count. */
  giveBack(name: LimitName, ...key: readonly string[]): Promise<void>;
  stop(): void;
}

interface Counter extends Limit {
  readonly store: RateLimiterPostgres | undefined;
}

const TABLE = 'rate_limits';
const CLEAN_EVERY_MS = 300_000;
const CLEAN_BEHIND_MS = 3_600_000;

/** Creates the limits, and checks that they are counted in the database. */
export async function createRateLimits(
  config: Pick<Config<'server'>, 'auth' | 'limits' | 'isProduction'>,
  db: Database,
): Promise<RateLimits> {
  const counters = new Map<string, Counter>(
    Object.entries(limitTable(config)).map(([name, limit]) => [name, { ...limit, store: storeOf(name, limit, db) }]),
  );
  const keyOf = keyMaker(config.auth.secret);
  const counterOf = (name: LimitName): Counter => {
    const counter = counters.get(name);
    if (counter === undefined) throw new Error(`no such limit: ${name}`);
    return counter;
  };
  const isExempt = ({ isByAddress }: Limit, address: string) =>
    isByAddress === true && !config.isProduction && isLoopback(address);
  await proveStore(db);
  const cleaning = setInterval(() => {
    db.pool.query(`delete from ${TABLE} where expire < $1`, [Date.now() - CLEAN_BEHIND_MS]).catch(() => {});
  }, CLEAN_EVERY_MS).unref();

  const refusals: Record<string, number> = {};
  return {
    refusals,
    async take({ address, responseHeaders }, name, ...key) {
      const counter = counterOf(name);
      const { store, isByAddress, max } = counter;
      if (store === undefined) return 0;
      if (isExempt(counter, address)) {
        setRateLimitHeaders(responseHeaders, untouched(counter));
        return 0;
      }
      const count: Count = await store.consume(keyOf(isByAddress ? [limitedAddress(address)] : key)).catch(refused);
      setRateLimitHeaders(responseHeaders, {
        max,
        left: count.isRefused ? 0 : count.remainingPoints,
        resetMs: count.msBeforeNext,
      });
      if (!count.isRefused) return max - count.remainingPoints;
      refusals[name] = (refusals[name] ?? 0) + 1;
      throw refuse('rate_limited', { retryAfterMs: Math.max(1, count.msBeforeNext) });
    },
    async isWithin(name, ...key) {
      const count: Count | undefined = await counterOf(name).store?.consume(keyOf(key)).catch(refused);
      return count?.isRefused !== true;
    },
    async hasLeft(name, ...key) {
      const count = await counterOf(name).store?.get(keyOf(key));
      return (count?.remainingPoints ?? 1) > 0;
    },
    async show({ address, responseHeaders }, name, ...key) {
      const counter = counterOf(name);
      const { store, isByAddress, max } = counter;
      if (store === undefined) return;
      const counted = () => store.get(keyOf(isByAddress ? [limitedAddress(address)] : key));
      const count = isExempt(counter, address) ? null : await counted();
      if (count === null) setRateLimitHeaders(responseHeaders, untouched(counter));
      else setRateLimitHeaders(responseHeaders, { max, left: count.remainingPoints, resetMs: count.msBeforeNext });
    },
    async giveBack(name, ...key) {
      await counterOf(name).store?.reward(keyOf(key));
    },
    stop: () => clearInterval(cleaning),
  };
}

function storeOf(
  name: string,
  { max, seconds, isByAddress }: Limit,
  { pool }: Database,
): RateLimiterPostgres | undefined {
  if (max === 0) return undefined;
  return new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    tableName: TABLE,
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: name,
    points: max,
    duration: seconds,
    // An address that is over the limit is refused from memory until it resets, without a query.
    ...(isByAddress && { inMemoryBlockOnConsumed: max + 1 }),
  });
}

/**
 * Keys have one length and reveal nothing to a reader of the table, because they are made of IP and e-mail addresses.
 */
function keyMaker(secret: string): (parts: readonly string[]) => string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'fechatter.limits', 32));
  return (parts) => createHmac('sha256', key).update(parts.join('\0')).digest('base64url');
}

interface Count {
  readonly remainingPoints: number;
  readonly msBeforeNext: number;
  readonly isRefused?: true;
}
/** The library throws its result if the limit is reached; anything else is an error of the database. */
function refused(thrown: unknown): Count {
  if (!(thrown instanceof RateLimiterRes)) throw thrown;
  return { remainingPoints: 0, msBeforeNext: thrown.msBeforeNext, isRefused: true };
}

const untouched = ({ max, seconds }: Limit): RateLeft => ({ max, left: max, resetMs: seconds * 1_000 });

/** A limiter that counts in memory, or not at all, would look just like one that counts in the database. */
async function proveStore(db: Database): Promise<void> {
  const name = 'probe';
  const key = randomUUID();
  const store = storeOf(name, { max: 1, seconds: 1 }, db);
  await store?.consume(key);
  const { rowCount } = await db.pool.query(`delete from ${TABLE} where key = $1`, [`${name}:${key}`]);
  if (rowCount !== 1) throw new Error('the rate limits are not counted in the database');
}
