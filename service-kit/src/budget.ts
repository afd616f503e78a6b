import { LRUCache } from 'lru-cache';

/** What became of one use: what is left and when the budget is full again, or how much too early it came. */
export type Spent =
  | { readonly left: number; readonly resetMs: number; readonly overMs?: undefined }
  | { readonly overMs: number; readonly left?: undefined; readonly resetMs?: undefined };

const MINUTE_MS = 60_000;
/** A budget that was not used for a minute is full again, so dropping it then loses nothing. */
const KEYS_MAX = 100_000;

/** So many uses a minute for each key, in memory; a minute's worth can be taken at once. `nowMs` is a monotonic clock. */
export class Budget {
  readonly perMinute: number;
  readonly #nowMs: () => number;
  readonly #spentUntil = new LRUCache<string, number>({ max: KEYS_MAX });

  constructor(perMinute: number, nowMs: () => number = () => performance.now()) {
    this.perMinute = perMinute;
    this.#nowMs = nowMs;
  }

  /** Takes one use, unless nothing is left. */
  take(key: string): Spent {
    const eachMs = MINUTE_MS / this.perMinute;
    const now = this.#nowMs();
    // A bucket as one number (GCRA): the time at which it will be full again.
    const until = Math.max(this.#spentUntil.get(key) ?? 0, now) + eachMs;
    const overMs = until - now - MINUTE_MS;
    // Thousandths of a millisecond are the clock's, not the caller's.
    if (overMs > 0.001) return { overMs };
    this.#spentUntil.set(key, until);
    return { left: Math.floor(-overMs / eachMs), resetMs: until - now };
  }
}
