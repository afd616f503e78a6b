import { TRPCClientError } from '@trpc/client';
import { isFechatterError, reasonOf } from '../errors.ts';

/** What becomes of a message whose sending threw. */
export type Verdict = 'again' | 'failed';

/** So often a message may be answered with an error that says nothing certain; then the next one has its turn. */
const ODD_ANSWERS_MAX = 5;

/** Refusals are for good; what lies in the way of every message (no network, no database, a limit) is waited for. */
export function verdictOn(error: unknown, oddAnswers: number): Verdict {
  if (isFechatterError(error, 'rate_limited', 'busy', 'database_unavailable')) return 'again';
  if (isOddAnswer(error)) return oddAnswers >= ODD_ANSWERS_MAX ? 'failed' : 'again';
  if (reasonOf(error) === undefined) return 'again';
  // The session could not be refreshed just now; where it has ended, the outbox has as well.
  if (isFechatterError(error) && error.data?.code === 'UNAUTHORIZED') return 'again';
  return 'failed';
}

/** An answer, but none that the service gives on purpose: a bug of its, or something between it and us. */
export function isOddAnswer(error: unknown): boolean {
  const reason = reasonOf(error);
  if (reason !== undefined) return reason === 'internal';
  return error instanceof TRPCClientError && error.meta?.['response'] !== undefined;
}

/** How long the service asks to be left alone. */
export const retryAfterMs = (error: unknown): number => (isFechatterError(error) ? (error.data?.retryAfterMs ?? 0) : 0);
