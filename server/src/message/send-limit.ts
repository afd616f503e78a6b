import { tellRateLimit } from '@fechatter/service-kit';

const MINUTE_MS = 60_000;

/** When the minute ends that sends are counted in. */
export const minuteEndsInMs = (nowMs: number = Date.now()): number => MINUTE_MS - (nowMs % MINUTE_MS);

/**
 * Says in the answer how many more messages its caller may send in this minute; nothing where nothing is limited. An
 * answer to several calls says what the last of them left.
 */
export function tellSendLimit(headers: Headers, limitPerMinute: number, used: number | null): void {
  if (limitPerMinute === 0 || used === null) return;
  tellRateLimit(headers, { max: limitPerMinute, left: limitPerMinute - used, resetMs: minuteEndsInMs() });
}
