/** What is left of a limit. */
export interface RateLeft {
  readonly max: number;
  readonly left: number;
  /** When the whole limit is available again. */
  readonly resetMs: number;
}

/**
 * Sets `RateLimit-*` to what is left, on every response of a limited procedure. If several limits apply to a call or a
 * batch, the headers describe the one that runs out first.
 */
export function setRateLimitHeaders(headers: Headers, { max, left, resetMs }: RateLeft): void {
  const before = headers.get('RateLimit-Remaining');
  if (before !== null && Number(before) <= left) return;
  headers.set('RateLimit-Limit', String(max));
  headers.set('RateLimit-Remaining', String(Math.max(0, left)));
  headers.set('RateLimit-Reset', String(Math.ceil(resetMs / 1_000)));
}
