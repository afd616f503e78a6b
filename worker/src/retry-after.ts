import type { OutgoingResponse } from '@fechatter/service-kit';

/** What a response's `Retry-After` asks for, which is seconds or a date: from 1 to `maxSeconds`. */
export function retryAfterSeconds(
  { 'retry-after': text }: OutgoingResponse['headers'],
  maxSeconds: number,
): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - Date.now()) / 1_000);
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 1), maxSeconds);
}
