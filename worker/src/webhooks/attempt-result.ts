import { type OutgoingResponse, OutboundError } from '@fechatter/service-kit';
import { retryAfterSeconds } from '../retry-after.ts';

/** What an attempt means for its delivery. `off`: the receiver wants nothing more, ever. */
export interface AttemptResult {
  readonly outcome: 'delivered' | 'retry' | 'failed' | 'off';
  readonly status: number | null;
  readonly failure: string | null;
  /** What the receiver asked for, in seconds. */
  readonly retryAfterSeconds?: number | undefined;
}

const GONE = 410;
/** Of the statuses from 400 to 499, those that may pass. */
const PASSING = [408, 425, 429];
const DAY_SECONDS = 86_400;

/** The result of a response. */
export function resultOf({ status, headers }: OutgoingResponse): AttemptResult {
  if (status >= 200 && status < 300) return { outcome: 'delivered', status, failure: null };
  const failure = `status_${status}`;
  if (status === GONE) return { outcome: 'off', status, failure };
  if (status >= 400 && status < 500 && !PASSING.includes(status)) return { outcome: 'failed', status, failure };
  return { outcome: 'retry', status, failure, retryAfterSeconds: retryAfterSeconds(headers, DAY_SECONDS) };
}

/** The result of an attempt without a whole response. Its address may be forbidden only for now: names change. */
export function resultOfError(error: unknown): AttemptResult {
  if (!(error instanceof OutboundError)) throw error;
  return { outcome: 'retry', status: null, failure: error.failure };
}

/** After which attempt to wait how long: 5 s, 5 and 30 min, then hours. */
const SCHEDULE_SECONDS = [5, 300, 1_800, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * 3_600)];

/** How long to wait after this many attempts, at most a tenth longer; undefined: that was the last one. */
export function secondsUntilRetry(attempts: number, { retryAfterSeconds = 0 }: AttemptResult): number | undefined {
  const scheduled = SCHEDULE_SECONDS[attempts - 1];
  return scheduled && Math.max(scheduled * (1 + Math.random() / 10), retryAfterSeconds);
}
