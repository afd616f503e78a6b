import { LRUCache } from 'lru-cache';

/**
 * The result of one use: what is left and when the budget is full again, or by how many milliseconds it came too early.
 */
export type Spent =
  | { readonly left: number; readonly resetMs: number; readonly overMs?: undefined }
  | { readonly overMs: number; readonly left?: undefined; readonly resetMs?: undefined };

const MINUTE_MS = 60_000;
/** The most keys in memory. A budget that was not used for a minute is full again, so it can be dropped. */
const KEYS_MAX = 100_000;

/**
 * Allows a number of uses per minute for each key, in memory. `nowMs` is a monotonic clock.
 */
export class Budget {
  readonly perMinute: number;
  readonly #nowMs: () => number;
  /** How long a budget that is used up takes to be full again. */
  readonly #fullMs: number;
  readonly #spentUntil = new LRUCache<string, number>({ max: KEYS_MAX });

  /** `atOnce`: how many of them can come at once; default: all. */
  constructor(perMinute: number, nowMs: () => number = () => performance.now(), atOnce: number = perMinute) {
    this.perMinute = perMinute;
    this.#nowMs = nowMs;
    this.#fullMs = (MINUTE_MS / perMinute) * atOnce;
  }

  /** Takes one use if any is left. */
  take(key: string): Spent {
    const eachMs = MINUTE_MS / this.perMinute;
    const now = this.#nowMs();
    // A bucket as one number (GCRA): the time at which it will be full again.
    const until = Math.max(this.#spentUntil.get(key) ?? 0, now) + eachMs;
    const overMs = until - now - this.#fullMs;
    // A difference below a thousandth of a millisecond is rounding.
    if (overMs > 0.001) return { overMs };
    this.#spentUntil.set(key, until);
    return { left: Math.floor(-overMs / eachMs), resetMs: until - now };
  }

  /** Takes back one use that turned out not to count. */
  giveBack(key: string): void {
    const until = this.#spentUntil.get(key);
    if (until !== undefined) this.#spentUntil.set(key, until - MINUTE_MS / this.perMinute);
  }
}
