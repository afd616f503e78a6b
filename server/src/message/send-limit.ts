import { setRateLimitHeaders } from '@fechatter/service-kit';

const MINUTE_MS = 60_000;

/** The time until the current minute of the send limit ends. */
export const minuteEndsInMs = (nowMs: number = Date.now()): number => MINUTE_MS - (nowMs % MINUTE_MS);

/**
 * Sets headers that say how many more messages the caller can send in this minute; none if there is no limit. The
 * response to a batch has what its last call left.
 */
export function setSendLimitHeaders(headers: Headers, limitPerMinute: number, used: number | null): void {
  if (limitPerMinute === 0 || used === null) return;
  setRateLimitHeaders(headers, { max: limitPerMinute, left: limitPerMinute - used, resetMs: minuteEndsInMs() });
}
