/** What is left of a limit. */
export interface RateLeft {
  readonly max: number;
  readonly left: number;
  /** When all of it is there again. */
  readonly resetMs: number;
}

/**
 * Tells the caller in `RateLimit-*` what is left, on every answer of a limited procedure. Of several limits that one call
 * or one batch meets, the answer speaks of the one that ends first.
 */
export function tellRateLimit(headers: Headers, { max, left, resetMs }: RateLeft): void {
  const before = headers.get('RateLimit-Remaining');
  if (before !== null && Number(before) <= left) return;
  headers.set('RateLimit-Limit', String(max));
  headers.set('RateLimit-Remaining', String(Math.max(0, left)));
  headers.set('RateLimit-Reset', String(Math.ceil(resetMs / 1_000)));
}
