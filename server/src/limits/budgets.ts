import { Budget, type Config, type Principal, refuse, setRateLimitHeaders } from '@fechatter/service-kit';

/**
 * The cost class of a call, which selects the caller's budget: reading, changing something, expensive work (exports,
 * searches), signals to others, securing an account. `own`: the procedure has its own limit, such as message.send.
 */
export type Cost = 'read' | 'write' | 'heavy' | 'signal' | 'auth' | 'own';
type Counted = Exclude<Cost, 'own'>;

/** What a budget needs to know about a call. */
export interface BudgetedCall {
  readonly principal: Pick<Principal, 'userId'>;
  readonly responseHeaders: Headers;
}

/** Each person's budgets in this process. */
export interface Budgets {
  /** How many calls each budget refused. */
  readonly refusals: Readonly<Record<Counted, number>>;
  /** Takes one call from the caller's budget and sets headers with what is left; throws rate_limited if nothing is. */
  take(call: BudgetedCall, cost: Cost): void;
  /** Takes one signal from a person's budget; false if nothing is left. Not counted as a refusal: no call is refused. */
  takeSignal(userId: string): boolean;
  /**
   * Begins an expensive call that may take long; throws rate_limited if the person already has `limits.heavyAtOnce` of
   * them running. Call the returned function, once or more, when it has ended.
   */
  beginHeavy(userId: string): () => void;
}

/** Enough for every device to end every session, and too little to keep the hasher busy. */
const AUTH_PER_MINUTE = 120;
const MINUTE_MS = 60_000;
const HEAVY_RETRY_MS = 1_000;

type Limits = Pick<
  Config<'server'>['limits'],
  'readsPerMinute' | 'writesPerMinute' | 'heavyPerMinute' | 'heavyAtOnce' | 'signalsPerMinute'
>;

/**
 * Budgets by person, in memory: several servers together allow several times as much, which is still a bound, and
 * counting in the database would cost more than most calls. `nowMs` is a monotonic clock.
 */
export function createBudgets(limits: Limits, nowMs: () => number = () => performance.now()): Budgets {
  const budget = (perMinute: number) => new Budget(perMinute, nowMs);
  const spending: Record<Counted, Budget> = {
    read: budget(limits.readsPerMinute),
    write: budget(limits.writesPerMinute),
    heavy: budget(limits.heavyPerMinute),
    signal: budget(limits.signalsPerMinute),
    auth: budget(AUTH_PER_MINUTE),
  };
  const refusals: Record<Counted, number> = { read: 0, write: 0, heavy: 0, signal: 0, auth: 0 };
  const heavyNow = new Map<string, Set<object>>();

  const refuseFor = (cost: Counted, retryAfterMs: number) => {
    refusals[cost]++;
    return refuse('rate_limited', { retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)) });
  };

  const spend = (userId: string, cost: Counted) => spending[cost].take(userId);

  const take = ({ principal: { userId }, responseHeaders }: BudgetedCall, cost: Cost): void => {
    if (cost === 'own' || spending[cost].perMinute === 0) return;
    const max = spending[cost].perMinute;
    const { overMs, left = 0, resetMs = MINUTE_MS } = spend(userId, cost);
    setRateLimitHeaders(responseHeaders, { max, left, resetMs });
    if (overMs !== undefined) throw refuseFor(cost, overMs);
  };

  const takeSignal = (userId: string): boolean =>
    spending.signal.perMinute === 0 || spend(userId, 'signal').overMs === undefined;

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

  return { refusals, take, takeSignal, beginHeavy };
}
