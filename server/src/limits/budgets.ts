import { type Config, type Principal, refuse, tellRateLimit } from '@fechatter/service-kit';
import { LRUCache } from 'lru-cache';

/**
 * What a call costs, and so which budget of its caller's it is taken from: to read, to change something, to work through
 * much (exports, searches), to secure an account. `own`: a limit of its own counts it, message.send's for example.
 */
export type Cost = 'read' | 'write' | 'heavy' | 'auth' | 'own';
type Counted = Exclude<Cost, 'own'>;

/** What a budget needs to know of a call. */
export interface BudgetedCall {
  readonly principal: Pick<Principal, 'userId'>;
  readonly answerHeaders: Headers;
}

/** What each person may cost this process. */
export interface Budgets {
  /** How many calls each budget refused. */
  readonly refusals: Readonly<Record<Counted, number>>;
  /** Takes one call from its caller's budget and tells them what is left; throws rate_limited when nothing is. */
  take(call: BudgetedCall, cost: Cost): void;
  /**
   * Begins what works through much and may take long: throws rate_limited where its person has as many under way as
   * `limits.heavyAtOnce` says. Call what it returns, once or more, when that has ended.
   */
  beginHeavy(userId: string): () => void;
}

/** Enough for every device to end every session, and too little to keep the hasher busy. */
const AUTH_PER_MINUTE = 120;
const MINUTE_MS = 60_000;
/** A budget that nobody touched for a minute is whole again, so what is forgotten before is all that can be lost. */
const PEOPLE_MAX = 100_000;
const HEAVY_RETRY_MS = 1_000;

type Limits = Pick<Config<'server'>['limits'], 'readsPerMinute' | 'writesPerMinute' | 'heavyPerMinute' | 'heavyAtOnce'>;

/**
 * Budgets by person, in memory: several servers together give several times as much, which bounds one person all the same,
 * and a count in the database would cost more than most of what it counts. `nowMs` is a monotonic clock's.
 */
export function createBudgets(limits: Limits, nowMs: () => number = () => performance.now()): Budgets {
  const perMinute: Record<Counted, number> = {
    read: limits.readsPerMinute,
    write: limits.writesPerMinute,
    heavy: limits.heavyPerMinute,
    auth: AUTH_PER_MINUTE,
  };
  const refusals: Record<Counted, number> = { read: 0, write: 0, heavy: 0, auth: 0 };
  const spentUntil = new LRUCache<string, number>({ max: PEOPLE_MAX });
  const heavyNow = new Map<string, Set<object>>();

  const refuseFor = (cost: Counted, retryAfterMs: number) => {
    refusals[cost]++;
    return refuse('rate_limited', { retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)) });
  };

  const take = ({ principal: { userId }, answerHeaders }: BudgetedCall, cost: Cost): void => {
    if (cost === 'own' || perMinute[cost] === 0) return;
    const max = perMinute[cost];
    const eachMs = MINUTE_MS / max;
    const now = nowMs();
    const key = `${cost}:${userId}`;
    // A bucket as one number (GCRA): when all that was taken will have come back. A minute of it may be taken at once.
    const until = Math.max(spentUntil.get(key) ?? 0, now) + eachMs;
    const overMs = until - now - MINUTE_MS;
    // Thousandths of a millisecond are the clock's, not the caller's.
    if (overMs > 0.001) {
      tellRateLimit(answerHeaders, { max, left: 0, resetMs: MINUTE_MS });
      throw refuseFor(cost, overMs);
    }
    spentUntil.set(key, until);
    tellRateLimit(answerHeaders, { max, left: Math.floor(-overMs / eachMs), resetMs: until - now });
  };

  const beginHeavy = (userId: string): (() => void) => {
    const mine = heavyNow.get(userId) ?? new Set();
    if (limits.heavyAtOnce > 0 && mine.size >= limits.heavyAtOnce) throw refuseFor('heavy', HEAVY_RETRY_MS);
    const one = {};
    heavyNow.set(userId, mine.add(one));
    return () => {
      mine.delete(one);
      if (mine.size === 0) heavyNow.delete(userId);
    };
  };

  return { refusals, take, beginHeavy };
}
